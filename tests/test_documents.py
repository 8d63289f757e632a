"""What the documents say is so: paths, commands, and what is written from the code."""

import re
from pathlib import Path

import pytest

from config.examples import STARTING_FILE
from config.settings import Policy
from support.reference_pages import FOLDER, pages

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_PATH = re.compile(r"`((?:config|connectors|reconciler|jobs|tests|docs)/[\w./]*)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    named = _PATH.findall(document.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("file", sorted(pages()))
def test_the_reference_is_what_the_code_says(file: str) -> None:
    assert (FOLDER / file).read_text() == pages()[file], "run: make docs"


def test_every_limit_of_the_policy_stands_in_the_example() -> None:
    example = STARTING_FILE.read_text()
    assert [name for name in Policy.model_fields if f"{name}:" not in example] == []
