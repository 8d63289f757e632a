"""A simulated year with known truth: who is named idle, and what that is worth.

`make idle-year` lives all of it; the tests live so many weeks that somebody can be named.
"""

import os

import pytest

from support.scenarios.idle_year import IdleYear, Tally

DAYS = int(os.environ.get("SEATSYNC_DAYS", "150"))
STEP = int(os.environ.get("SEATSYNC_STEP", "5"))
SEED = int(os.environ.get("SEATSYNC_SEED", "1"))
NEVER = ("new starters", "people on leave", "protected people", "admins", "people who used it")


def told(as_it_is: Tally, reclaiming: Tally) -> str:
    wrong = ", ".join(f"{who}: {as_it_is.wrong[who] + reclaiming.wrong[who]}" for who in NEVER)
    return "\n".join(
        [
            f"seed {SEED}: {as_it_is.nights} days, a run in {STEP}",
            f"wrongly named idle: {wrong}",
            f"recall of idle seats: {as_it_is.watched_found / as_it_is.watched:.1%} once sign-ins"
            f" were watched for 90 days, {as_it_is.found / as_it_is.idle:.1%} of the whole time",
            f"named: {as_it_is.named} users, {as_it_is.back_soon} of whom used the seat within 30"
            " days after all, and"
            f" {len(as_it_is.back_from_leave)} had been back from a leave for less than 14 days",
            f"days of waiting: {as_it_is.waiting * STEP}, and {reclaiming.waiting * STEP} where"
            f" idle seats are taken back every 30 days: {reclaiming.reclaimed} were,"
            f" {reclaiming.asked_again} users asked for theirs again",
        ]
    )


def test_a_year_of_a_company_of_which_is_known_who_uses_a_seat(
    capsys: pytest.CaptureFixture[str],
) -> None:
    as_it_is = IdleYear(SEED, reclaiming=False).live(DAYS, STEP)
    reclaiming = IdleYear(SEED, reclaiming=True).live(DAYS, STEP)
    with capsys.disabled():
        print(f"\n{told(as_it_is, reclaiming)}")
    assert {who: as_it_is.wrong[who] + reclaiming.wrong[who] for who in NEVER} == dict.fromkeys(
        NEVER, 0
    )
    assert as_it_is.watched_found >= 0.9 * as_it_is.watched > 0
    assert reclaiming.waiting < as_it_is.waiting
