"""The same decision as most scripts make it: rows as dictionaries, one person after the other.

It knows the rules that matter when every group was read and nobody shares a name, and it writes no
reports; only the queue for seats is the reconciler's own, which is plain Python, too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from config.settings import Settings
from reconciler.seats.allocation import Request, allocate, bits

MAIL = 'emails[type eq "work"].value'
Row = dict[str, Any]


@dataclass
class Rows:
    """What was read, as a script has it once the JSON is parsed."""

    settings: Settings
    members: list[Row]
    people: list[Row]
    accounts: list[Row]
    holdings: list[Row]
    purchased: dict[str, int]
    waits: list[Row]
    run: int


@dataclass
class Outcome:
    """`operations` with kind, id, lost, gained and attributes; `waiting` as (id, products)."""

    operations: list[Row] = field(default_factory=list)
    waiting: list[tuple[str, set[str]]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def add(self, kind: str, person: Row, **what: Any) -> None:
        self.operations.append({"kind": kind, "id": person["id"], **what})


def decide(rows: Rows) -> Outcome:  # noqa: C901 - such scripts are one long loop
    """Everything from rows to operations."""
    outcome = Outcome()
    products_of = {item.name: set(item.products) for item in rows.settings.subscription_sets}
    sets_of_person = _grouped(rows.members, "id")
    sets_of_account = _grouped(rows.holdings, "account")
    by_external_id = {row["externalId"]: row for row in rows.accounts if row["externalId"]}
    by_name, by_mail = _index(rows.accounts, "userName"), _index(rows.accounts, MAIL)
    seeking = [row for row in rows.people if row["id"] in sets_of_person]
    shared = _shared(seeking, "userPrincipalName"), _shared(seeking, "mail")
    free = _free_seats(rows, sets_of_account, products_of)
    protected = {name.casefold() for name in rows.settings.policy.protected}
    wished_sets: list[tuple[Row, Row | None, str, str | None]] = []
    released: list[tuple[Row, Row, set[str]]] = []

    for person in rows.people:
        wanted = sets_of_person.get(person["id"], set())
        account = by_external_id.get(person["id"])
        certain = account is not None
        active = person["presence"] == "present" and person["accountEnabled"] is not False
        if account is None and active and wanted:
            same_name = by_name.get(_folded(person["userPrincipalName"]), [])
            same_mail = by_mail.get(_folded(person["mail"]), [])
            found = same_name or same_mail
            if len(found) > 1:
                outcome.problems.append(("A8", person["id"]))
                continue
            if found:
                account = found[0]
                certain = same_name == same_mail and not account["externalId"]
        held = sets_of_account.get(account["account"], set()) if account and certain else set()
        code = _obstacle(person, wanted, shared, rows.settings)
        if code is None and account and not certain:
            code = "A5"
        if _folded(person["userPrincipalName"]) in protected or person["id"] in protected:
            code = "A17"
        if code:
            outcome.problems.append((code, person["id"]))
        elif not active or not wanted:
            if account:
                released.append((person, account, held))
        else:
            target = next(iter(wanted))
            if account:
                _change_attributes(outcome, person, account)
            if target not in held:
                wished_sets.append((person, account, target, next(iter(held), None)))

    for person, account, held in released:
        for name in held:
            outcome.add("revoke", person, lost={name}, gained=set())
            for product in products_of[name]:
                free[product] += 1
        if account["active"]:
            outcome.add("deactivate_account", person)
    _compete(rows, outcome, wished_sets, free, products_of)
    return outcome


def _grouped(rows: Iterable[Row], key: str) -> dict[str, set[str]]:
    sets: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        sets[row[key]].add(row["set"])
    return sets


def _folded(text: str | None) -> str | None:
    return text.casefold() if text else None


def _index(accounts: Iterable[Row], path: str) -> dict[str | None, list[Row]]:
    found: dict[str | None, list[Row]] = defaultdict(list)
    for row in accounts:
        if row[path]:
            found[_folded(row[path])].append(row)
    return found


def _shared(people: Iterable[Row], path: str) -> set[str | None]:
    counts = Counter(_folded(row[path]) for row in people)
    return {name for name, count in counts.items() if count > 1 and name}


def _free_seats(
    rows: Rows, sets_of_account: dict[str, set[str]], products_of: dict[str, set[str]]
) -> dict[str, int]:
    free = dict(rows.purchased)
    for names in sets_of_account.values():
        for product in set().union(*(products_of[name] for name in names)):
            free[product] -= 1
    return free


def _obstacle(
    person: Row, wanted: set[str], shared: tuple[set[str | None], ...], settings: Settings
) -> str | None:
    if person["presence"] != "present" or person["accountEnabled"] is False:
        return None
    name, mail = person["userPrincipalName"], person["mail"]
    if len(wanted) > 1:
        return "U1"
    if wanted and (_folded(name) in shared[0] or _folded(mail) in shared[1]):
        return "U8"
    if not wanted:
        return None
    if not name:
        return "U5"
    if not mail:
        return "U4"
    if (person["userType"] == "Guest" or "#EXT#" in name) and not settings.policy.allow_guests:
        return "U13"
    return None


def _wished(person: Row) -> Row:
    return {
        "userName": person["userPrincipalName"],
        MAIL: person["mail"],
        "name.givenName": person["givenName"],
        "name.familyName": person["surname"],
        "externalId": person["id"],
    }


def _change_attributes(outcome: Outcome, person: Row, account: Row) -> None:
    changes = {}
    for path, value in _wished(person).items():
        now = account[path]
        folds = path in ("userName", MAIL)
        same = _folded(value) == _folded(now) if folds else value == now
        if value is not None and not same:
            changes[path] = value
    if "externalId" in changes:
        outcome.add("link", person, attributes={"externalId": changes.pop("externalId")})
    if changes:
        outcome.add("update_account", person, attributes=changes)


def _compete(
    rows: Rows,
    outcome: Outcome,
    wished_sets: list[tuple[Row, Row | None, str, str | None]],
    free: dict[str, int],
    products_of: dict[str, set[str]],
) -> None:
    products = list(free)
    mask_of = {
        name: sum(1 << products.index(product) for product in bundle)
        for name, bundle in products_of.items()
    }
    admin_sets = {item.name for item in rows.settings.subscription_sets if item.admin}
    since = {(row["id"], row["set"]): row["since_run"] for row in rows.waits}
    requests = []
    for at, (person, _, target, held) in enumerate(wished_sets):
        wants, has = mask_of[target], mask_of[held] if held else 0
        key = (
            0 if target in admin_sets else 3,
            0 if held else 1,
            since.get((person["id"], target), rows.run),
            person["id"],
        )
        requests.append(Request(key, at, wants & ~has, has & ~wants))
    after_runs = rows.settings.policy.reserve_after_runs
    allocation = allocate(requests, list(free.values()), rows.run, after_runs)
    for step in allocation.steps:
        person, account, target, held = wished_sets[step.request.person]
        if step.part == "give back":
            outcome.add("revoke", person, lost={held}, gained=set())
            continue
        if account is None:
            outcome.add("create_account", person, attributes={**_wished(person), "active": True})
        elif not account["active"]:
            outcome.add("reactivate_account", person)
        if step.part == "whole" and held:
            outcome.add("move", person, lost={held}, gained={target})
        else:
            outcome.add("grant", person, lost=set(), gained={target})
    for request, blocked in allocation.waiting:
        person = wished_sets[request.person][0]
        outcome.waiting.append((person["id"], {products[at] for at in bits(blocked)}))
