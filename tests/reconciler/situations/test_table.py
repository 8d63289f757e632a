"""The table as a whole: complete, documented, and every row with a test of its own."""

import re
from pathlib import Path
from string import Formatter

import pytest

from jobs.report.situations import situations_table
from reconciler.model.plan import Severity
from reconciler.situations import SITUATIONS
from reconciler.situations.accounts import RULES as ACCOUNT_RULES
from reconciler.situations.groups import FREEZING, NOTES
from reconciler.situations.situation import Default
from reconciler.situations.users import FROZEN_SET, UNREAD_SET
from reconciler.situations.users import RULES as USER_RULES

ROOT = Path(__file__).parents[3]


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


@pytest.mark.parametrize("code", SITUATIONS)
def test_what_a_text_asks_for_is_in_braces_and_it_ends_like_a_sentence(code: str) -> None:
    situation = SITUATIONS[code]
    for text in (situation.message, situation.advice):
        assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(text))
        assert not text or text.endswith((".", "}"))
    assert situation.severity is Severity.INFORMATION or situation.advice


def test_a_block_blocks_and_the_severity_says_so() -> None:
    stopping = {Default.BLOCK, Default.REFUSE, Default.NO_PLAN}
    for situation in SITUATIONS.values():
        blocks = situation.severity is Severity.BLOCK
        assert blocks == (situation.default in stopping) or situation.code == "R12"


def test_every_rule_ends_in_a_situation() -> None:
    placeholders = {FROZEN_SET, UNREAD_SET}
    codes = {rule.code for rule in (*USER_RULES, *ACCOUNT_RULES)} - placeholders
    codes |= {code for code, _ in (*FREEZING, *NOTES)}
    assert codes <= set(SITUATIONS)
