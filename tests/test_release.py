"""A release is made of a tag: the version is git's, the notes are the changelog's."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.release_notes import release_notes

ROOT = Path(__file__).parents[1]
GIT = shutil.which("git") or "git"

CHANGELOG = """# Changelog

## Unreleased

### Added
- What is to come.

## 0.10.0 - 2027-03-01

### Fixed
- Ten.

## [0.1.0] - 2027-01-15

### Added
- What is there.

### Changed
- Nothing.

[0.1.0]: https://git.example/seatsync/releases/v0.1.0
"""


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("0.10.0", "### Fixed\n- Ten.\n"),
        ("0.1.0", "### Added\n- What is there.\n\n### Changed\n- Nothing.\n"),
        ("0.1", ""),
        ("Unreleased", ""),
    ],
)
def test_the_notes_of_a_release_are_its_section_of_the_changelog(version: str, told: str) -> None:
    assert release_notes(CHANGELOG, version) == told


def git(folder: Path, *arguments: str) -> str:
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@harbour.example")
    told = subprocess.run(
        [GIT, *author, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def version(folder: Path) -> str:
    """As the build finds it."""
    told = subprocess.run(
        [sys.executable, "-m", "hatchling", "version"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_the_version_is_the_tag_and_tells_the_commit_after_it(tmp_path: Path) -> None:
    checkout, clone = tmp_path / "checkout", tmp_path / "clone"
    checkout.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    assert version(checkout) == "0.0.0"
    git(checkout, "init", "--quiet")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "First")
    git(checkout, "tag", "--annotate", "v0.2.0", "--message", "seatsync 0.2.0")
    assert version(checkout) == "0.2.0"
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "Second")
    after, _, commit = version(checkout).partition("+g")
    assert after == "0.2.1.dev1"
    assert git(checkout, "rev-parse", "HEAD").startswith(commit)
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", checkout.as_uri(), "clone")
    assert version(clone) == f"0.0.1.dev1+g{commit}"
