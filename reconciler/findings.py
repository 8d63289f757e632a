"""What is said about people, accounts and seats: one finding per situation worth a word."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from reconciler.contest import Contest
from reconciler.ledger import Ledger, account_bundles
from reconciler.matching import NOWHERE, locate
from reconciler.model.plan import Finding, Operation, Severity, Subject, Waiting
from reconciler.model.snapshot import Directory, Interruption
from reconciler.operations import user
from reconciler.rules import Effect
from reconciler.seats import bits
from reconciler.sets import JudgedSets
from reconciler.situations import RUN, SITUATIONS, finding
from reconciler.subjects import Subjects

NAMED_AT_MOST = 20
"""Names in one message; the waiting list and the CSV have them all."""


def interruption_findings(interruptions: Iterable[Interruption]) -> Iterator[Finding]:
    """R13, per run that was interrupted."""
    for stop in interruptions:
        yield finding(
            "R13",
            RUN,
            run=stop.run_id,
            ended=stop.ended,
            planned=stop.planned,
            settled=stop.settled,
            done=stop.done,
            undone=stop.settled - stop.done,
        )


def member_findings(directory: Directory) -> Iterator[Finding]:
    """Members that are not people, per group: U14 and, for nested groups, U15."""
    others = directory.members[directory.members["kind"] != "user"]
    for name, members in others.groupby("set", sort=True):
        subject = Subject(kind="set", id=str(name), name=str(name))
        nested = int((members["kind"] == "group").sum())
        if nested:
            yield finding("U15", subject, count=nested)
        if len(members) > nested:
            kinds = sorted(set(members["kind"]) - {"group"})
            yield finding("U14", subject, count=len(members) - nested, kinds=", ".join(kinds))


def people_findings(
    subjects: Subjects,
    decisions: pd.DataFrame,
    operations: Iterable[Operation],
    judged: JudgedSets,
    directory: Directory,
) -> Iterator[Finding]:
    """Whoever is kept from a change, and whoever has an operation; the rest is as it should be.

    People of a frozen set are spoken for by their set.
    """
    people = subjects.people
    touched = people["id"].isin({operation.subject.id for operation in operations})
    kept = decisions["effect"] == Effect.KEEP
    quiet = {"", "A1", "A2", *judged.frozen.values()}
    settled = (people["held"] == people["wanted"]) & ~people["changed"]
    for scope in ("user", "account"):
        codes = decisions[scope]
        keeps = decisions[f"{scope}_effect"] == Effect.KEEP
        spoken = (touched & ~kept) | (keeps & ~((codes == "A17") & settled))
        for person in people.index[spoken & ~codes.isin(quiet)]:
            facts = _facts(subjects, person, judged, directory)
            yield finding(str(codes[person]), user(people, person), **facts)


def orphan_findings(subjects: Subjects) -> Iterator[Finding]:
    """A10: accounts of nobody in Entra. They are reported and never touched."""
    accounts = subjects.accounts
    linked, _ = locate(accounts["externalId"], subjects.people["id"])
    matched = accounts.index.isin(subjects.people["account"])
    bundles = account_bundles(subjects)
    for at in accounts.index[(linked == NOWHERE) & ~matched]:
        held = ", ".join(subjects.products[product] for product in bits(int(bundles[at])))
        name: Any = accounts.at[at, "userName"]
        account = str(accounts.at[at, "account"])
        subject = Subject(kind="account", id=account, name=account if pd.isna(name) else name)
        yield finding("A10", subject, seat=f" and holds a seat of {held}" if held else "")


def waiting_list(
    subjects: Subjects, contest: Contest, judged: JudgedSets, ledger: Ledger
) -> tuple[Waiting, ...]:
    """Everyone who should have a seat and has none, in the order in which seats will come."""
    return tuple(
        Waiting(
            position=position,
            code=_why_waiting(request.needs, blocked, ledger),
            user=user(subjects.people, request.person),
            set=judged.sets[subjects.people["wanted"].to_numpy()[request.person]].name,
            blocked_by=tuple(subjects.products[product] for product in bits(blocked)),
            since_run=request.key[2],
        )
        for position, (request, blocked) in enumerate(contest.allocation.waiting, start=1)
    )


def seat_findings(
    subjects: Subjects, contest: Contest, ledger: Ledger, waiting: tuple[Waiting, ...]
) -> Iterator[Finding]:
    """S2 and S4 per product, S3 per user whose bundle is only partly available."""
    for line in contest.lines:
        subject = Subject(kind="product", id=line.product, name=line.product)
        if line.purchased is None:
            continue
        if line.used_after > line.purchased:
            over = line.used_after - line.purchased
            yield finding(
                "S4",
                subject,
                purchased=line.purchased,
                used=line.used_after,
                count=over,
                candidates=_candidates(subjects, line.product),
            )
        elif line.waiting:
            names = [entry.user.name for entry in waiting if line.product in entry.blocked_by]
            yield finding(
                "S2",
                subject,
                purchased=line.purchased,
                used=line.used_after,
                count=line.waiting,
                users=_named(names),
            )
    for entry, (request, blocked) in zip(waiting, contest.allocation.waiting, strict=True):
        if entry.code == "S3":
            available = [ledger.products[at] for at in bits(request.needs & ~blocked)]
            yield finding(
                "S3",
                entry.user,
                set=entry.set,
                blocked=", ".join(entry.blocked_by),
                free=", ".join(available),
            )


def _why_waiting(needs: int, blocked: int, ledger: Ledger) -> str:
    for product in bits(blocked):
        bought = ledger.bought[product]
        if bought is None:
            return "S6"
        if ledger.used[product] > bought:
            return "S4"
    return "S2" if blocked == needs else "S3"


def _candidates(subjects: Subjects, product: str) -> str:
    """Seats held outside Entra are the first that somebody may want to take back."""
    bit = 1 << subjects.products.index(product)
    holding = (account_bundles(subjects) & bit) != 0
    managed = subjects.holdings.loc[subjects.holdings["person"] != NOWHERE, "account"]
    outside = subjects.accounts.index[holding & ~subjects.accounts.index.isin(managed)]
    if outside.empty:
        return ""
    return f" Held outside Entra: {_named(subjects.accounts.loc[outside, 'userName'].tolist())}."


_TOLD = ("id", "mail", "wanted", "held", "sets", "hits", "sure", "account")


def _facts(
    subjects: Subjects, person: int, judged: JudgedSets, directory: Directory
) -> dict[str, object]:
    row: dict[str, Any] = {name: subjects.people[name].iat[person] for name in _TOLD}
    name_of = [item.name for item in judged.sets] + ["no set"]
    account = row["account"]
    return {
        "wanted": name_of[row["wanted"]],
        "held": name_of[row["held"]],
        "sets": _sets_of(row["id"], directory) if row["sets"] > 1 else name_of[row["wanted"]],
        "count": row["hits"],
        "mail": row["mail"],
        "user_name": subjects.accounts.at[account, "userName"] if account >= 0 else "",
        "outcome": "It is linked now." if row["sure"] else "Name and mail disagree: left as is.",
    }


def _sets_of(object_id: str, directory: Directory) -> str:
    members = directory.members
    return ", ".join(sorted(f'"{name}"' for name in members.loc[members["id"] == object_id, "set"]))


def _named(names: list[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def by_urgency(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most severe first; within that by code and subject, so that the order is always one."""
    urgency = list(reversed(Severity))
    codes = list(SITUATIONS)
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                urgency.index(f.severity),
                codes.index(f.code),
                f.subject.name,
                f.message,
            ),
        )
    )
