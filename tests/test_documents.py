"""What the documents say is so: paths, commands, and what is written from the code."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click
import pytest

from config.examples import STARTING_FILE
from config.policy import Policy
from config.settings import Settings
from jobs.cli.main import main
from reconciler.situations import SITUATIONS
from reconciler.situations.situation import Default
from support.reference_pages import FOLDER, pages
from support.shown_commands import commands

ROOT = Path(__file__).parents[1]
OURS = ("config", "connectors", "jobs", "reconciler")
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_CODE = re.compile(r"\b[A-Z]\d+\b")
_FETCHED = re.compile(
    r"<(?:script|img|iframe)[^>]+src=\"?(?:https?:)?//|<link[^>]+stylesheet[^>]+//"
)
_MODULE = re.compile(r"`((?:[a-z_]+\.)+[a-z_]+)`")
_PATH = re.compile(r"`((?:config|connectors|reconciler|jobs|tests|docs)/[\w./]*)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    named = _PATH.findall(document.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_module_that_a_docstring_names_is_there() -> None:
    """By its package and its name, as in `facts.build`; or something that is in such a module."""
    files = [path for top in OURS for path in (ROOT / top).rglob("*.py")]
    modules = [f".{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}" for path in files]
    packages = [f".{'.'.join(path.relative_to(ROOT).parent.parts)}" for path in files]
    first = {package.rpartition(".")[2] for package in packages} - Settings.model_fields.keys()
    absent = [
        (module, name)
        for module, file in zip(modules, files, strict=True)
        for name in _MODULE.findall(file.read_text())
        if name.partition(".")[0] in first
        and not any(one.endswith(f".{name}") for one in (*modules, *packages))
        and not any(one.endswith(f".{name.rpartition('.')[0]}") for one in modules)
    ]
    assert absent == []


@pytest.mark.parametrize("file", sorted(pages()))
def test_the_reference_is_what_the_code_says(file: str) -> None:
    assert (FOLDER / file).read_text() == pages()[file], "run: make docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_shows_is_one(document: Path) -> None:
    for words in commands(document.read_text()):
        program: click.Command = main
        rest = list(words)
        while rest and isinstance(program, click.Group):
            program = program.commands[rest.pop(0)]
        if not rest:
            continue
        with suppress(click.MissingParameter):  # a text may leave out what there is to fill in
            program.make_context(words[0], rest)


def test_every_guard_that_objects_is_told_to_whoever_reviews() -> None:
    table = (ROOT / "docs" / "how-to" / "review-and-apply.md").read_text()
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    told = {code for row in rows for code in _CODE.findall(row)}
    weights = {Default.HOLD, Default.BLOCK, Default.REFUSE, Default.NO_PLAN, Default.STOP}
    assert {code for code, it in SITUATIONS.items() if it.default in weights} <= told


def test_the_site_is_built_without_a_dead_link_and_fetches_nothing(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    for page in tmp_path.rglob("*.html"):
        assert not _FETCHED.findall(page.read_text()), page


def test_every_limit_of_the_policy_stands_in_the_example() -> None:
    example = STARTING_FILE.read_text()
    assert [name for name in Policy.model_fields if f"{name}:" not in example] == []
