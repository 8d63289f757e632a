"""Whatever path is given, and whatever is there: a sentence with the path, and a documented code.

Tests may run as root, whom no permissions stop: what cannot be read or written is below a file.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from connectors.sandbox.server import TENANT_ID
from jobs.cli.main import main
from jobs.demo.company import last_week
from jobs.output.exit_codes import Exit
from support.scenarios.company import Company


def _missing(folder: Path) -> Path:
    return folder / "nowhere" / "path"


def _directory(folder: Path) -> Path:
    (folder / "path").mkdir()
    (folder / "path" / "mine").write_text("mine")
    return folder / "path"


def _below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("mine")
    return folder / "file" / "path"


def _utf_16(folder: Path) -> Path:
    (folder / "path").write_bytes("groupId;ä\n".encode("utf-16"))
    (folder / "path").chmod(0o600)
    return folder / "path"


def _cp1252(folder: Path) -> Path:
    (folder / "path").write_bytes("groupId;ä\n".encode("cp1252"))
    (folder / "path").chmod(0o600)
    return folder / "path"


READ = (_missing, _directory, _below_a_file, _utf_16, _cp1252)
SECRET = (_missing, _directory, _below_a_file, _cp1252)  # which may be UTF-16
WRITTEN = (_missing, _directory, _below_a_file)

Kind = Callable[[Path], Path]
Given = Callable[[Company, Path], Result]


@pytest.fixture
def outside(company: Company) -> Iterator[Path]:
    """A folder for the paths, and nothing of it is written to or taken away."""
    folder = company.folder / "outside"
    folder.mkdir()
    yield folder
    for mine in folder.rglob("mine"):
        assert mine.read_text() == "mine"
    assert not (folder / "nowhere").exists()


def _command(*arguments: str) -> Given:
    def given(company: Company, path: Path) -> Result:
        words = [word.format(path=path, folder=company.folder) for word in arguments]
        return CliRunner().invoke(main, words)

    return given


def _configured(*keys: str, command: str = "plan", value: str = "{path}") -> Given:
    def given(company: Company, path: Path) -> Result:
        content = YAML(typ="safe").load(company.config)
        section: Any = content
        for key in keys[:-1]:
            section = section[key] if isinstance(section.get(key), dict) else section
        section[keys[-1]] = value.format(path=path)
        company.configure(**content)
        return company.run(command)

    return given


def _credential(key: str) -> Given:
    def given(company: Company, path: Path) -> Result:
        credential = {key: f"file:{path}" if key == "secret" else str(path)}
        company.configure(directory={**company.sandbox.directory, "credential": credential})
        return company.run("plan")

    return given


def _export(form: str) -> Given:
    def given(company: Company, path: Path) -> Result:
        named = path.with_suffix(form)
        if path.exists():
            path.rename(named)
        company.configure(directory={"file": str(named), "tenant_id": TENANT_ID})
        return company.run("plan")

    return given


def _seats(company: Company, path: Path) -> Result:
    company.configure(seats={"file": str(path)})
    return company.run("plan")


def _ca_file(company: Company, path: Path) -> Result:
    cloud = {**company.sandbox.directory["cloud"], "ca_file": str(path)}
    company.configure(directory={**company.sandbox.directory, "cloud": cloud})
    return company.run("plan")


SERVE = ("sandbox", "serve", "--tenant")
PLACES: dict[str, tuple[Given, tuple[Kind, ...], Exit]] = {
    "--config": (_command("plan", "--config", "{path}"), READ, Exit.CONFIGURATION),
    "directory.file, JSON": (_export(".json"), READ, Exit.FAILED),
    "directory.file, CSV": (_export(".csv"), READ, Exit.FAILED),
    "seats.file": (_seats, READ, Exit.FAILED),
    "vendor.token": (_configured("vendor", "token", value="file:{path}"), SECRET, Exit.FAILED),
    "credential.secret": (_credential("secret"), SECRET, Exit.FAILED),
    "credential.certificate": (_credential("certificate"), READ, Exit.FAILED),
    "credential.federated_token_file": (_credential("federated_token_file"), READ, Exit.FAILED),
    "cloud.ca_file": (_ca_file, READ, Exit.FAILED),
    "store": (_configured("store", value="sqlite:///{path}"), WRITTEN, Exit.FAILED),
    "reports": (_configured("reports"), (_below_a_file,), Exit.WAITING),
    "--checkpoint": (
        _command("audit", "verify", "--config", "{folder}/seatsync.yaml", "--checkpoint", "{path}"),
        READ,
        Exit.USAGE,
    ),
    "--tenant": (_command(*SERVE, "{path}"), READ, Exit.USAGE),
    "--write-config": (
        _command(*SERVE, "{folder}/tenant.json", "--write-config", "{path}"),
        WRITTEN,
        Exit.USAGE,
    ),
    "--ledger": (
        _command(*SERVE, "{folder}/tenant.json", "--ledger", "{path}"),
        WRITTEN,
        Exit.USAGE,
    ),
    "init": (_command("init", "{path}"), (_missing, _below_a_file), Exit.USAGE),
    "init, over what is there": (_command("init", "{path}"), (_directory,), Exit.FAILED),
    "demo": (_command("demo", "{path}"), (_directory, _below_a_file, _utf_16), Exit.USAGE),
}

BINARY = {"credential.certificate", "cloud.ca_file", "demo"}
"""Places of what is no text, or of no file at all."""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        pytest.param(place, kind, id=f"{place}{kind.__name__}")
        for place, (_, kinds, _) in PLACES.items()
        for kind in kinds
    ],
)
def test_a_path_that_cannot_be_used_is_a_sentence(
    company: Company, outside: Path, place: str, kind: Kind
) -> None:
    (company.folder / "tenant.json").write_text(json.dumps(last_week()))
    given, kinds, code = PLACES[place]
    ended = given(company, kind(outside))
    assert isinstance(ended.exception, SystemExit), ended.exc_info
    assert ended.exit_code == code, ended.output
    said = " ".join(ended.stderr.split())
    assert str(outside) in said.replace("/nowhere/path", "/nowhere"), said
    assert "Traceback" not in said
    if kind is _utf_16 and kind in kinds and place not in BINARY:
        assert "UTF-16" in said
    assert company.writes == 0


def test_advice_about_a_file_does_not_lead_to_the_tenant(company: Company, outside: Path) -> None:
    said = _export(".csv")(company, _missing(outside)).stderr
    assert "check --online" not in said


def _made_by_a_demo(folder: Path, company: Company) -> None:
    folder.mkdir()
    company.sandbox.write_config(folder / "seatsync.yaml")
    (folder / "seatsync.db").write_text("of another vendor")


def test_a_demo_replaces_an_earlier_one_and_leaves_what_somebody_put_beside(
    company: Company,
) -> None:
    folder = company.folder / "demo"
    _made_by_a_demo(folder, company)
    (folder / "notes.txt").write_text("mine")
    assert CliRunner().invoke(main, ["demo", str(folder)]).exit_code == 0
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_demo_does_not_touch_the_folder_of_a_real_configuration(company: Company) -> None:
    company.config.write_text(company.config.read_text().partition("\n")[2])
    before = {path: path.read_bytes() for path in company.folder.iterdir()}
    refused = CliRunner().invoke(main, ["demo", str(company.folder)])
    assert refused.exit_code == 64
    assert f"{company.folder}: it was not made by seatsync's sandbox" in refused.stderr
    assert {path: path.read_bytes() for path in company.folder.iterdir()} == before


def test_a_demo_does_not_follow_a_link(company: Company) -> None:
    """Neither of its folder, nor of its store."""
    folder, link = company.folder / "demo", company.folder / "link"
    _made_by_a_demo(folder, company)
    (company.folder / "precious.db").write_text("mine")
    (folder / "seatsync.db").unlink()
    (folder / "seatsync.db").symlink_to(company.folder / "precious.db")
    link.symlink_to(folder)
    assert CliRunner().invoke(main, ["demo", str(link)]).exit_code == 64
    assert CliRunner().invoke(main, ["demo", str(folder)]).exit_code == 0
    assert (company.folder / "precious.db").read_text() == "mine"
