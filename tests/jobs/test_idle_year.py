"""A simulated year with known truth: who is named idle, whose seat is taken, and what was forecast.

It is lived by the rules alone, as it is and with seats taken back, and by the commands. `make
idle-year` lives all of it; the tests live so many weeks that somebody can be named.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from support.scenarios.idle_year import IdleYear, Tally
from support.scenarios.nights_by_commands import NightsByCommands
from support.scenarios.nights_by_rules import NightsByRules
from support.scenarios.workforce import FIRST_NIGHT, Workforce

WHOLE = "SEATSYNC_DAYS" in os.environ
DAYS = int(os.environ.get("SEATSYNC_DAYS", "114"))
SEED = int(os.environ.get("SEATSYNC_SEED", "1"))
NEVER = ("new starters", "people on leave", "protected people", "admins", "people who used it")
IDLE, GRACE = timedelta(days=90), timedelta(days=14)
STEP = 5
"""A run in so many nights."""


def wrong(*tallies: Tally) -> dict[str, int]:
    return {who: sum(tally.wrong[who] for tally in tallies) for who in NEVER}


def told(tally: Tally) -> list[str]:
    wrongly = ", ".join(f"{who} {count}" for who, count in wrong(tally).items())
    back = len(tally.back_from_leave)
    return [
        f"wrongly named idle, or reclaimed: {wrongly}",
        f"recall of idle seats: {tally.watched_found / tally.watched:.1%} once sign-ins were"
        f" watched for as long, {tally.found / tally.idle:.1%} of the whole time",
        f"named: {tally.named} users, {tally.back_soon} of whom used the seat within 30 days after"
        f" all, and {back} had been back from a leave for less than 14 days",
    ]


def said(capsys: pytest.CaptureFixture[str], title: str, *lines: str) -> None:
    with capsys.disabled():
        print("", f"seed {SEED}, {title}", *lines, sep="\n  ")


def test_a_year_by_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    idle = IDLE if WHOLE else timedelta(days=45)

    def lived(*, reclaim_every: int | None) -> Tally:
        workforce = Workforce(SEED, 120)
        nights = NightsByRules(workforce, seats=120, idle=idle, grace=GRACE)
        return IdleYear(workforce, nights, idle=idle, reclaim_every=reclaim_every).live(DAYS, STEP)

    as_it_is, reclaiming = lived(reclaim_every=None), lived(reclaim_every=28)
    said(
        capsys,
        f"by the rules: {DAYS} days, {as_it_is.runs} runs",
        *told(as_it_is),
        f"days of waiting: {as_it_is.waiting:,}, and {reclaiming.waiting:,} where"
        f" idle seats are taken back every four weeks: {reclaiming.reclaimed} were,"
        f" {reclaiming.asked_again} users signed in again after that",
        *(
            f"forecasts {weeks} weeks ahead: {judged}"
            for weeks, judged in as_it_is.forecasts.items()
            if judged.covered
        ),
    )
    assert wrong(as_it_is, reclaiming) == dict.fromkeys(NEVER, 0)
    assert as_it_is.watched_found >= 0.9 * as_it_is.watched > 0
    assert reclaiming.waiting < as_it_is.waiting
    assert as_it_is.forecasts[4].covered


def test_a_year_by_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the short one seats are idle sooner, and each night some are taken back."""
    idle, grace = (IDLE, GRACE) if WHOLE else (timedelta(days=8), timedelta(days=4))
    days, every = (DAYS, 28) if WHOLE else (STEP * 5 + 1, STEP)
    workforce = Workforce(SEED, 40)
    nights = NightsByCommands(tmp_path, workforce, seats=38, idle=idle, grace=grace)
    with nights.sandbox:
        year = IdleYear(workforce, nights, idle=idle, reclaim_every=every)
        tally = year.live(days, STEP)
        made_again = nights.json("replay", "--since", f"{FIRST_NIGHT:%Y-%m-%d}")["plans"]
    said(
        capsys,
        f"by the commands: {days} days, {tally.runs} runs, {tally.reclaimed} seats reclaimed,"
        f" {tally.asked_again} users signed in again after that",
        *told(tally),
    )
    assert wrong(tally) == dict.fromkeys(NEVER, 0)
    assert {row["reproduced"] for row in made_again} == {True}
    assert tally.watched_found > 0
    assert tally.reclaimed > 0
