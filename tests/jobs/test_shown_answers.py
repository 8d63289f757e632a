"""docs/how-to/ask.md: every question of it is asked, and the answer is what stands there."""

from pathlib import Path

from support.scenarios.company import Company
from support.scenarios.vendor_by_hand import make_account
from support.shown_commands import Ids, session

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "ask.md").read_text()


def test_the_answers_are_those_that_are_shown(settled: Company) -> None:
    make_account(settled)
    ids = Ids()
    for step in session(PAGE):
        told = settled.run(*ids.in_command(step.words)).output
        assert ids.match(step.printed, told), (step, told)
