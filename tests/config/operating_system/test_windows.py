"""What seatsync does on Windows, as far as another system shows it: pywin32 is imitated."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from support.counterparts.windows import ADA, OTHERS, AccessLists, imitated

ROOT = Path(__file__).parents[3]
READ = 0x1200A9
CLOSED = [((0, 0), 0x1F01FF, sid) for sid in ("S-1-5-18", "S-1-5-32-544", ADA)]


@pytest.fixture
def on_windows() -> Iterator[tuple[ModuleType, AccessLists]]:
    with imitated() as imitation:
        yield imitation


Windows = tuple[ModuleType, AccessLists]


def test_a_file_that_is_made_is_closed_from_its_beginning(
    on_windows: Windows, tmp_path: Path
) -> None:
    windows, lists = on_windows
    with windows.create_private(tmp_path / "key") as file:
        assert lists[str(tmp_path / "key")] == CLOSED
        file.write(b"canary")
    assert (tmp_path / "key").read_bytes() == b"canary"
    with pytest.raises(OSError, match="The file exists"):
        windows.create_private(tmp_path / "key")


def test_a_file_that_takes_anothers_place_keeps_its_own_list(
    on_windows: Windows, tmp_path: Path
) -> None:
    windows, lists = on_windows
    (tmp_path / "plan.json").write_text("old")
    lists[str(tmp_path / "plan.json")] = None
    with windows.opened_folder(tmp_path) as folder:
        folder.create("draft").close()
        folder.replace("plan.json", by="draft")
        folder.remove("draft")
    assert lists[str(tmp_path / "plan.json")] == CLOSED


def test_who_has_a_file_open_is_waited_for(
    on_windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner. Whoever keeps it open, such as Excel, is told of in the end."""
    windows, _ = on_windows
    busy, replace = [2], Path.replace

    def held(draft: Path, place: Path) -> Path:
        if busy[0]:
            busy[0] -= 1
            raise PermissionError(13, "The process cannot access the file", str(place))
        return replace(draft, place)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    (tmp_path / "draft").write_text("new")
    with windows.opened_folder(tmp_path) as folder:
        folder.replace("errors.csv", by="draft")
        assert (tmp_path / "errors.csv").read_text() == "new"
        busy[0] = 100
        with pytest.raises(PermissionError):
            folder.replace("errors.csv", by="draft")


def test_a_folder_is_closed_whoever_made_it_and_neither_link_nor_junction_is_one(
    on_windows: Windows, tmp_path: Path
) -> None:
    windows, lists = on_windows
    (tmp_path / "reports").mkdir()
    lists[str(tmp_path / "reports")] = None
    with windows.opened_folder(tmp_path) as folder:
        folder.make_private("reports")
        assert lists[str(tmp_path / "reports")] == CLOSED
        (tmp_path / "link").symlink_to(tmp_path / "reports")
        for name in ("link", "a.junction"):
            with pytest.raises(OSError, match="it is a link, or no folder"):
                folder.make_private(name)


def test_whom_a_file_is_open_to_is_read_from_its_list(on_windows: Windows, tmp_path: Path) -> None:
    windows, lists = on_windows
    token = tmp_path / "token"
    token.touch()
    assert windows.open_to_others(token) == ""
    denied, allowed = ((1, 0), READ, OTHERS), ((0, 0), READ, OTHERS)
    lists[str(token)] = [*CLOSED, denied]
    assert windows.open_to_others(token) == ""
    lists[str(token)] = [*CLOSED, allowed]
    assert windows.open_to_others(token) == "read"
    lists[str(token)] = None
    assert windows.open_to_others(token) == "written"


def test_what_closes_a_file_is_a_command_of_windows(on_windows: Windows, tmp_path: Path) -> None:
    windows, _ = on_windows
    assert windows.closing_command(tmp_path / "token") == (
        f'icacls "{tmp_path}{os.sep}token" /inheritance:r /grant:r "CONTOSO\\ada:F"'
    )
    assert windows.closing_command(tmp_path).endswith('"CONTOSO\\ada:(OI)(CI)F"')


def test_a_variable_is_set_as_powershell_has_it(on_windows: Windows) -> None:
    windows, _ = on_windows
    assert windows.setting_command("SEATSYNC_CONFIG", "C:\\it's\\seatsync.yaml") == (
        "$env:SEATSYNC_CONFIG = 'C:\\it''s\\seatsync.yaml'"
    )


def test_a_command_needs_nothing_that_only_posix_has(tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").write_bytes((ROOT / "config/examples/seatsync.yaml").read_bytes())
    ended = subprocess.run(
        [sys.executable, "-m", "support.counterparts.windows", "check"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "FAIL configuration: " in ended.stdout, ended.stderr
    assert "Traceback" not in ended.stderr
