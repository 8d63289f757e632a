"""What is worth telling of a run, by how it and those before it ended. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.watching import Event
from connectors.store.runs import RunRecord
from jobs.output.exit_codes import AS_INTENDED, NOTHING_DONE, Exit
from jobs.run_history.kinds_and_ends import came_to_its_end
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding, Plan
from reconciler.situations import RUN, finding
from reconciler.situations.token import (
    CREDENTIAL_EXPIRES_SOON,
    TOKEN_EXPIRES_SOON,
    TOKEN_REFUSED,
)
from reconciler.situations.users import SEAT_TO_BE_RECLAIMED

DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)

DEAD_AFTER = timedelta(days=7)
"""Without a run that went well: so long Graph keeps what changed, and people are hired daily."""

TOKEN_DAYS = (30, 14, 7, 1, 0)
"""The vendor reminds its admins a month ahead, and a new token is made by hand (the guide)."""


@dataclass(frozen=True)
class Notice:
    """`key`: told `again` after so many days at the earliest; None: never."""

    event: Event
    key: str
    text: str
    again: timedelta | None = DAILY


def news(
    runs: Sequence[RunRecord], plan: Plan | None, report: str, token_expires: date, now: datetime
) -> Iterator[Notice]:
    """Of the newest of the `runs` that `seatsync run` began.

    `plan` is what that run made, if it made one, and `report` says where to read it.
    """
    if ended := list(filter(came_to_its_end, runs)):
        yield from _how_it_ended(ended[0], plan, report)
        yield from _since_when(ended[0], ended[1:], now)
    yield from _token(token_expires, now.date())
    if plan:
        yield from _of_a_plan(plan)


def worth_telling(
    found: Iterator[Notice], written: Mapping[str, datetime], now: datetime
) -> Iterator[Notice]:
    """Without what was told lately; days are those of UTC."""
    for notice in found:
        told = written.get(notice.key)
        if told is None or (notice.again and now.date() - told.date() >= notice.again):
            yield notice


def _how_it_ended(run: RunRecord, plan: Plan | None, report: str) -> Iterator[Notice]:
    what, exit_code = (run.summary or "").rstrip("."), run.exit_code
    if exit_code in NOTHING_DONE:
        yield Notice("failed", "failed", f"The run of {_minute(run.started)} failed: {what}.")
    if not plan:
        return
    if exit_code == Exit.WAITING:
        then = f"seatsync approve {plan.id} --reason ... and seatsync apply {plan.id}"
        text = f"Plan {plan.id} waits for review: {what}.\n{report}\nIf it is right: {then}"
        yield Notice("waiting", "waiting", text)
    elif exit_code == Exit.HELD:
        then = f"seatsync show {plan.id} says what to do"
        yield Notice("held", "held", f"Plan {plan.id}: {what}.\n{report}\n{then}.")
    elif exit_code == Exit.PARTIAL:
        text = f"Plan {plan.id} was applied in part: {what}. The next plan has the rest.\n{report}"
        yield Notice("partial", "partial", text)


def _since_when(last: RunRecord, before: Sequence[RunRecord], now: datetime) -> Iterator[Notice]:
    if last.exit_code in AS_INTENDED:
        if before and before[0].exit_code in NOTHING_DONE:
            text = f"Runs are well again, after the failure of {_minute(before[0].started)}."
            yield Notice("recovered", "recovered", text)
        return
    well = next((run.started for run in before if run.exit_code in AS_INTENDED), None)
    since = well or (before or [last])[-1].started
    if now - since >= DEAD_AFTER:
        text = (
            f"No run has gone well since {since:%Y-%m-%d}, {Plural((now - since).days):day|days} "
            "ago: who joins gets no seat, and who leaves keeps it. `seatsync history` has the runs."
        )
        yield Notice("dead", "dead", text, WEEKLY)


def _token(expires: date, today: date) -> Iterator[Notice]:
    """Once for each of the days, or the first run after it."""
    left = (expires - today).days
    if reached := [days for days in TOKEN_DAYS if left <= days]:
        if left > 0:
            found = finding(TOKEN_EXPIRES_SOON, RUN, days=left, date=expires)
        else:
            found = finding(TOKEN_REFUSED, RUN, why=f"The vendor's API token expired on {expires}.")
        yield Notice("token", f"token {expires} {reached[-1]}", _said(found), None)


def _of_a_plan(plan: Plan) -> Iterator[Notice]:
    for line in plan.seats:
        if line.waiting:
            who = f"{Plural(line.waiting):user waits|users wait}"
            text = f"Seats of {line.product} have run out: {who} for one."
            yield Notice("seats", f"seats {line.product}", text, WEEKLY)
    yield from reclaim_announcements(plan)
    for found in plan.findings:
        if found.code == CREDENTIAL_EXPIRES_SOON.code:
            yield Notice("credential", "credential", _said(found), WEEKLY)


def reclaim_announcements(plan: Plan) -> Iterator[Notice]:
    """One for each user whose seat is to be taken back, with the day; again until it is."""
    for found in plan.findings:
        if found.code == SEAT_TO_BE_RECLAIMED.code:
            yield Notice("reclaim", f"reclaim {found.subject.id}", _said(found), WEEKLY)


def _said(found: Finding) -> str:
    return f"{found.message} {found.advice}".strip()


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
