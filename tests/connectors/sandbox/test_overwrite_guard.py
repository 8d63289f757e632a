"""A sandbox overwrites what a sandbox wrote, and nothing of anybody else."""

from pathlib import Path

import pytest

from connectors.sandbox.overwrite_guard import write_own

BESIDE = {"client-secret": b"secret", "ca.pem": b"ca"}


def write(config: Path, content: bytes) -> None:
    write_own(config, content, BESIDE)


def test_what_a_sandbox_wrote_it_writes_again(tmp_path: Path) -> None:
    config = tmp_path / "seatsync.yaml"
    for content in (b"first: 1\n", b"second: 2\n"):
        write(config, content)
        assert config.read_bytes().endswith(content)
    assert (tmp_path / "client-secret").read_bytes() == b"secret"
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


@pytest.mark.parametrize("name", ["seatsync.yaml", "client-secret", "ca.pem"])
def test_what_is_somebody_elses_is_left_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError, match=rf"{name}") as refused:
        write(tmp_path / "seatsync.yaml", b"new: 1\n")
    assert "not made by seatsync's sandbox" in str(refused.value)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "mine"}


def test_a_sandboxs_configuration_that_somebody_made_their_own_is_theirs(tmp_path: Path) -> None:
    config = tmp_path / "seatsync.yaml"
    write(config, b"first: 1\n")
    config.write_text("".join(config.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(FileExistsError):
        write(config, b"new: 1\n")
    assert config.read_text() == "first: 1\n"


def test_a_link_is_not_followed_though_it_leads_to_what_a_sandbox_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "seatsync.yaml", b"first: 1\n")
    link = tmp_path / "seatsync.yaml"
    link.symlink_to(folder / "seatsync.yaml")
    with pytest.raises(FileExistsError):
        write(link, b"new: 1\n")
    assert link.read_bytes().endswith(b"first: 1\n")


def test_a_link_in_a_secrets_place_is_replaced_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    write(tmp_path / "seatsync.yaml", b"first: 1\n")
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "client-secret").unlink()
    (tmp_path / "client-secret").symlink_to(tmp_path / "precious")
    write(tmp_path / "seatsync.yaml", b"new: 1\n")
    assert (tmp_path / "precious").read_text() == "mine"
    assert (tmp_path / "client-secret").read_bytes() == b"secret"


def test_a_link_to_nothing_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "seatsync.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        write(tmp_path / "seatsync.yaml", b"new: 1\n")
    assert not (tmp_path / "nowhere").exists()
