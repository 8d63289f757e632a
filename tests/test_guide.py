"""docs/guide.md: every sentence of the vendor's guide, and a test that is really there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDES = ROOT.parent / "shared" / "seeds"
NOTHING = "\N{EN DASH}"


def rows() -> list[list[str]]:
    """Per sentence: what the guide says, what seatsync does, and what shows it."""
    lines = (ROOT / "docs" / "guide.md").read_text().splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0] != "the guide"]


def words(text: str) -> str:
    """Without what a page is laid out with: emphasis, links, cells, numbers and bullets."""
    plain = re.sub(r"\[([^\]]*)\]\(#\)", r"\1", text)
    plain = re.sub(r"(?m)^\s*(-|\d\.)\s", " ", plain)
    plain = re.sub(r"[|\N{BALLOT BOX}\N{BALLOT BOX WITH X}]", " ", plain.replace("*", ""))
    return re.sub(r"\s+", " ", plain).strip()


def test_each_row_has_its_answer_and_a_test_that_is_there() -> None:
    told = rows()
    assert len(told) > 80
    for sentence, answer, shown in told:
        assert (answer == NOTHING) is (shown == NOTHING), sentence
        if shown != NOTHING:
            path, _, name = shown.strip("`").partition("::")
            assert f"def {name}(" in (ROOT / "tests" / path).read_text(), shown


@pytest.mark.skipif(not GUIDES.is_dir(), reason="the vendor's guide is not here")
def test_no_sentence_of_the_guide_is_left_out() -> None:
    """But headings and the names of fields."""
    (guide,) = (words(path.read_text()) for path in GUIDES.glob("*.txt"))
    sentences = sorted((row[0] for row in rows()), key=len, reverse=True)
    assert [sentence for sentence in sentences if sentence not in guide] == []
    rest = guide
    for sentence in sentences:
        rest = rest.replace(sentence, " \N{PILCROW SIGN} ")
    left = [part.strip() for part in rest.split("\N{PILCROW SIGN}")]
    assert [part for part in left if part.endswith((".", ":")) and len(part.split()) > 3] == []
