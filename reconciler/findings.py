"""What is said about people, accounts and seats: one finding per situation worth a word."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from reconciler.contest import Contest
from reconciler.ledger import Ledger, account_bundles
from reconciler.model.frames import TEXT, cells, column
from reconciler.model.plan import Finding, Operation, Severity, Subject, Waiting
from reconciler.model.snapshot import Directory
from reconciler.order import NOWHERE, Positions, is_in
from reconciler.rules import Effect
from reconciler.seats import bits
from reconciler.sets import JudgedSets
from reconciler.situations import SITUATIONS, finding
from reconciler.subjects import Subjects, users

NAMED_AT_MOST = 20
"""Names in one message; the waiting list and the CSV have them all."""


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
    touched = is_in(people["id"], column((o.subject.id for o in operations), TEXT))
    kept = decisions["effect"] == Effect.KEEP
    quiet = {"", "A1", "A2", *judged.frozen.values()}
    settled = (people["held"] == people["wanted"]) & ~people["changed"]
    for scope in ("user", "account"):
        codes = decisions[scope]
        keeps = decisions[f"{scope}_effect"] == Effect.KEEP
        spoken = (touched & ~kept) | (keeps & ~((codes == "A17") & settled))
        persons = np.flatnonzero(spoken & ~codes.isin(quiet))
        told = zip(
            codes.to_numpy()[persons].tolist(),
            users(people, persons),
            _facts(subjects, persons, judged, directory),
            strict=True,
        )
        for code, subject, facts in told:
            yield finding(code, subject, **facts)


def orphan_findings(subjects: Subjects) -> Iterator[Finding]:
    """A10: accounts of nobody in Entra. They are reported and never touched."""
    accounts = subjects.accounts
    matched = accounts.index.isin(subjects.people["account"])
    bundles = account_bundles(subjects)
    orphans = np.flatnonzero((subjects.owner == NOWHERE) & ~matched)
    ids, names = (cells(accounts[path], orphans) for path in ("account", "userName"))
    for account, name, bundle in zip(ids, names, bundles[orphans].tolist(), strict=True):
        held = ", ".join(subjects.products[product] for product in bits(bundle))
        subject = Subject(kind="account", id=account, name=account if name is None else name)
        yield finding("A10", subject, seat=f" and holds a seat of {held}" if held else "")


def waiting_list(
    subjects: Subjects, contest: Contest, judged: JudgedSets, ledger: Ledger
) -> tuple[Waiting, ...]:
    """Everyone who should have a seat and has none, in the order in which seats will come."""
    queue = contest.allocation.waiting
    persons = np.array([request.person for request, _ in queue], dtype=np.int64)
    wanted = subjects.people["wanted"].to_numpy()[persons].tolist()
    told = zip(users(subjects.people, persons), wanted, queue, strict=True)
    return tuple(
        Waiting(
            position=position,
            code=_why_waiting(request.needs, blocked, ledger),
            user=user,
            set=judged.sets[target].name,
            blocked_by=tuple(subjects.products[product] for product in bits(blocked)),
            since_run=request.key[2],
        )
        for position, (user, target, (request, blocked)) in enumerate(told, start=1)
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


def _facts(
    subjects: Subjects, persons: Positions, judged: JudgedSets, directory: Directory
) -> Iterator[dict[str, object]]:
    """Per person what the texts of situations may say."""
    people = subjects.people[["id", "mail", "wanted", "held", "sets", "hits", "sure", "account"]]
    people = people.take(persons)
    names = np.array([*(item.name for item in judged.sets), "no set"], dtype=object)
    accounts = people["account"].to_numpy()
    user_names = cells(subjects.accounts["userName"], accounts[accounts >= 0])
    user_name = np.full(len(people), "", dtype=object)
    user_name[accounts >= 0] = user_names
    sets_of = _sets_of(people.loc[people["sets"] > 1, "id"], directory)
    columns = zip(
        people["id"].tolist(),
        people["mail"].tolist(),
        names[people["wanted"]],
        names[people["held"]],
        people["hits"].tolist(),
        people["sure"].tolist(),
        user_name,
        strict=True,
    )
    for object_id, mail, wanted, held, hits, sure, user in columns:
        yield {
            "wanted": wanted,
            "held": held,
            "sets": sets_of.get(object_id, wanted),
            "count": hits,
            "mail": mail,
            "user_name": user,
            "outcome": "It is linked now." if sure else "Name and mail disagree: left as is.",
        }


def _sets_of(ids: "pd.Series[str]", directory: Directory) -> dict[str, str]:
    """The names of all the sets of whoever is in several."""
    members = directory.members[is_in(directory.members["id"], ids)]
    named: dict[str, set[str]] = {}
    for object_id, name in zip(members["id"], members["set"], strict=True):
        named.setdefault(object_id, set()).add(f'"{name}"')
    return {object_id: ", ".join(sorted(names)) for object_id, names in named.items()}


def _named(names: list[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def by_urgency(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most severe first; within that by code and subject, so that the order is always one."""
    urgency = {severity: at for at, severity in enumerate(reversed(Severity))}
    codes = {code: at for at, code in enumerate(SITUATIONS)}
    return tuple(
        sorted(
            findings,
            key=lambda f: (urgency[f.severity], codes[f.code], f.subject.name, f.message),
        )
    )
