"""The table as a whole: complete, documented, and every row with a test of its own."""

import re
from pathlib import Path

import pytest

from jobs.report.situation_reference import situations_table
from reconciler.model.plan import Severity
from reconciler.situations import (
    RUN,
    SITUATIONS,
    accounts,
    finding,
    groups,
    guard_failed,
    plans,
    runs,
    seats,
    token,
    users,
    vendor,
)
from reconciler.situations.runs import DIRECTORY_EMPTIED
from reconciler.situations.situation import Default, Situation

ROOT = Path(__file__).parents[3]
ROWS = list(SITUATIONS.values())
NAMED = {
    name: row
    for scope in (accounts, groups, plans, runs, seats, token, users, vendor)
    for name, row in vars(scope).items()
    if isinstance(row, Situation)
}


def test_the_table_in_the_docs_is_made_from_the_code() -> None:
    written = (ROOT / "docs" / "situations.md").read_text()
    assert written == situations_table(), "run: make docs"


def test_every_situation_has_a_test_that_carries_its_code() -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = {
        code.upper()
        for name in re.findall(r"def (test_\w+)", tests)
        for code in re.findall(r"(?<=_)[rtgusapv]\d+(?=_|$)", name)
    }
    assert named >= set(SITUATIONS)


@pytest.mark.parametrize("situation", ROWS, ids=lambda row: row.code)
def test_a_text_says_exactly_the_facts_that_its_row_declares(situation: Situation) -> None:
    facts = {
        name: 100 + at if kind is int else f"<{name}>"
        for at, (name, kind) in enumerate(situation.facts.items())
    }
    texts = " ".join(situation.texts(facts, of={"id": "<id>", "name": "<name>"}))
    assert [name for name, fact in facts.items() if str(fact) not in texts] == []


@pytest.mark.parametrize("facts", [{}, {"count": 1, "users": "ana"}])
def test_a_situation_is_told_with_its_own_facts_and_no_others(facts: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="R6 is told with count, and was given"):
        finding(DIRECTORY_EMPTIED, RUN, **facts)
    with pytest.raises(TypeError, match="R6 is told with count, and was given"):
        guard_failed(DIRECTORY_EMPTIED, **facts)


@pytest.mark.parametrize("situation", ROWS, ids=lambda row: row.code)
def test_a_text_ends_like_a_sentence_and_whatever_is_no_information_has_advice(
    situation: Situation,
) -> None:
    for text in (situation.message, situation.advice):
        assert not text or text.endswith((".", "}"))
    assert situation.severity is Severity.INFORMATION or situation.advice


def test_no_code_stands_for_two_situations() -> None:
    assert sorted(row.code for row in NAMED.values()) == sorted(SITUATIONS)


def test_a_block_blocks_and_the_severity_says_so() -> None:
    stopping = {Default.BLOCK, Default.REFUSE, Default.NO_PLAN}
    for situation in SITUATIONS.values():
        blocks = situation.severity is Severity.BLOCK
        assert blocks == (situation.default in stopping) or situation.code == "R12"
