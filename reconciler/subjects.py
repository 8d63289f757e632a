"""Everything that is known about each person, in columns: the ground that the rules stand on."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.settings import Settings
from reconciler.mapping import evaluate
from reconciler.matching import match
from reconciler.model import frames
from reconciler.model.frames import folded
from reconciler.model.plan import Subject
from reconciler.model.snapshot import Memory, Snapshot
from reconciler.order import NOWHERE, Flags, Positions, all_differ, equal, find, is_in, locate
from reconciler.sets import JudgedSets

ILLEGAL = "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""Control characters, and those that reverse or hide text."""

LONGEST = 256
"""Characters of one value; Entra's own attributes are shorter (Graph, "user resource type")."""


@dataclass(frozen=True)
class Subjects:
    """The people, sorted by object id, beside what they should say and hold.

    people    one row per person: Graph's attributes, her wish, her match, and flags
    wished    the mapped attributes, row by row with `people`
    differs   per person and SCIM path: her account says something else than it should
    accounts  sorted by SCIM id
    owner     per account the person whose object id it carries, as a position, -1: nobody
    holdings  one row per account and set: `account`, `set` and `person` as positions, -1: nobody
    bundles   per set its products, as a bit mask over `products`
    sizes     per set the people in its group
    """

    people: pd.DataFrame
    wished: pd.DataFrame
    differs: pd.DataFrame
    accounts: pd.DataFrame
    owner: Positions
    holdings: pd.DataFrame
    bundles: Positions
    sizes: Positions
    products: tuple[str, ...]


def know(settings: Settings, snapshot: Snapshot, judged: JudgedSets) -> Subjects:
    """Joins directory, vendor and configuration; decides nothing. The snapshot is in order."""
    people, accounts = snapshot.directory.people, snapshot.target.accounts
    owner = find(accounts["externalId"], people["id"])
    mail = next((path for path in settings.attribute_mapping.targets if "emails" in path), "")

    who, which = _memberships(people, snapshot, judged)
    people = people.join(_wishes(people, who, which))
    people["told_nothing"] = _told_nothing(people)
    people["barred_guest"] = _guest(people) & (not settings.policy.allow_guests)
    people["disabled"] = people["accountEnabled"].eq(False).fillna(False).astype(bool)
    people["unassigned"] = people["wanted"] == NOWHERE
    people["duplicated"] = _duplicated(people)
    gone = people["presence"].isin(["deleted", "gone"])
    people["absent"] = (gone | people["disabled"] | people["unassigned"]).astype(bool)
    wished = evaluate(settings.attribute_mapping, people, people["absent"])

    people = people.join(match(people, wished, ~people["absent"].to_numpy(), accounts, owner, mail))
    holdings = _holdings(people, accounts, snapshot, judged)
    people["held"] = _held(people, holdings)
    people["frozen_by"] = _frozen_by(people, holdings, judged)
    people["unproven_by"] = _unproven_by(people, holdings, judged)
    differs = _differences(people, wished, accounts)
    people["changed"] = differs.any(axis=1)
    people["illegal"] = _illegal(people, wished)
    people["inactive"] = _inactive(people, accounts)
    people["protected"] = _named(people, settings.policy.protected)
    people["served_first"] = _named(people, settings.policy.served_first)
    people["operator"] = _operator(people, accounts, settings.vendor.operator)
    people = people.join(_remembered(people, snapshot.memory))
    return Subjects(
        people,
        wished,
        differs,
        accounts,
        owner,
        holdings,
        bundles=np.array([_bundle(item.products, settings.products) for item in judged.sets]),
        sizes=np.bincount(which, minlength=len(judged.sets)),
        products=settings.products,
    )


def illegal_at(value: str) -> int:
    """The 1-based position of the first illegal character, 0 if there is none."""
    found = re.search(ILLEGAL, value)
    return found.start() + 1 if found else 0


def users(people: pd.DataFrame, persons: Positions) -> list[Subject]:
    """People as the reports show them: by principal name, where they have one."""
    ids, names = (frames.cells(people[name], persons) for name in ("id", "userPrincipalName"))
    return [
        Subject(kind="user", id=object_id, name=object_id if name is None else name)
        for object_id, name in zip(ids, names, strict=True)
    ]


def _memberships(
    people: pd.DataFrame, snapshot: Snapshot, judged: JudgedSets
) -> tuple[Positions, Positions]:
    """Who is in which set's group, each pair once: positions of people and of sets."""
    names = pd.Series([item.name for item in judged.sets], dtype=frames.TEXT)
    members = snapshot.directory.members
    return _pairs(find(members["id"], people["id"]), locate(members["set"], names))


def _wishes(people: pd.DataFrame, who: Positions, which: Positions) -> pd.DataFrame:
    """`wanted`: the position of the one set she is in (the first of several), `sets`: how many."""
    wanted = np.full(len(people), NOWHERE)
    wanted[who[::-1]] = which[::-1]  # of several the first one stays
    count = np.bincount(who, minlength=len(people))
    return pd.DataFrame({"wanted": wanted, "sets": count}, index=people.index)


def _pairs(one: Positions, other: Positions) -> tuple[Positions, Positions]:
    """The pairs of positions, sorted, each once; without those of which one is nowhere."""
    known = (one >= 0) & (other >= 0)
    width = int(other.max(initial=0)) + 1
    pairs = np.sort(one[known] * width + other[known], kind="stable")
    pairs = pairs[np.diff(pairs, prepend=NOWHERE) > 0]
    return pairs // width, pairs % width


def _told_nothing(people: pd.DataFrame) -> "pd.Series[bool]":
    """Graph answers 200 with nothing but ids where User.Read.All is missing."""
    told = people[["userPrincipalName", "mail", "userType", "accountEnabled"]].notna().any(axis=1)
    return (people["presence"] == "present") & ~told


def _guest(people: pd.DataFrame) -> "pd.Series[bool]":
    marked = people["userPrincipalName"].str.contains("#EXT#", regex=False).fillna(False)
    return (people["userType"] == "Guest").fillna(False) | marked


def _duplicated(people: pd.DataFrame) -> Flags:
    """She shares a user principal name or mail address with somebody else who wants a seat."""
    seeking = (~people["unassigned"] & people["presence"].eq("present")).to_numpy(dtype=bool)
    shared = np.zeros(len(people), dtype=bool)
    for column in ("userPrincipalName", "mail"):
        values = folded(people[column])
        if all_differ(values):
            continue
        codes, uniques = pd.factorize(values)
        known = seeking & (codes >= 0)
        often = np.bincount(codes[known], minlength=len(uniques)) > 1
        shared[known] |= often[codes[known]]
    return shared


def _holdings(
    people: pd.DataFrame, accounts: pd.DataFrame, snapshot: Snapshot, judged: JudgedSets
) -> pd.DataFrame:
    names = pd.Series([item.name for item in judged.sets], dtype=frames.TEXT)
    held = snapshot.target.holdings
    sets = held["set"].replace(judged.folded) if judged.folded else held["set"]
    # A dangling member, whose account is gone, holds nothing that could be taken back.
    account, which = _pairs(find(held["account"], accounts["account"]), locate(sets, names))
    person = np.full(len(accounts), NOWHERE)
    certain = (people["linked"] | people["sure"]).to_numpy()
    person[people["account"].to_numpy()[certain]] = np.flatnonzero(certain)
    return pd.DataFrame({"account": account, "set": which, "person": person[account]})


def _held(people: pd.DataFrame, holdings: pd.DataFrame) -> Positions:
    """The set she holds: the wanted one if she holds several, else the first."""
    mine = holdings[holdings["person"] >= 0]
    person, which = mine["person"].to_numpy(), mine["set"].to_numpy()
    held = np.full(len(people), NOWHERE)
    held[person[::-1]] = which[::-1]
    as_wanted = which == people["wanted"].to_numpy()[person]
    held[person[as_wanted]] = which[as_wanted]
    return held


def _frozen_by(people: pd.DataFrame, holdings: pd.DataFrame, judged: JudgedSets) -> pd.Series:
    """The code of a frozen set that she wants or holds; nothing inside it may move."""
    codes = np.array([judged.frozen.get(at, "") for at in range(len(judged.sets))] + [""], object)
    frozen = codes[people["wanted"].to_numpy()]
    mine = holdings[holdings["person"] >= 0]
    held_codes = codes[mine["set"]]
    locked = held_codes != ""
    frozen[mine["person"].to_numpy()[locked]] = held_codes[locked]
    return pd.Series(frozen, index=people.index)


def _unproven_by(people: pd.DataFrame, holdings: pd.DataFrame, judged: JudgedSets) -> pd.Series:
    """The code of a set that hides whether she really left what she would lose."""
    loses = people["unassigned"].to_numpy() | (people["held"] != people["wanted"]).to_numpy()
    mine = holdings[holdings["person"] >= 0]
    extra = mine["set"].to_numpy() != people["held"].to_numpy()[mine["person"]]
    loses[mine["person"].to_numpy()[extra]] = True
    holds_nothing = (people["held"] == NOWHERE).to_numpy() & ~people["unassigned"].to_numpy()
    code = np.array(["", judged.unknown], dtype=object)
    return pd.Series(code[(loses & ~holds_nothing).astype(int)], index=people.index)


def _differences(
    people: pd.DataFrame, wished: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    position = people["account"].to_numpy()
    known = position >= 0
    return pd.DataFrame(
        {
            path: known & _differs(wished[path], accounts[path], position, path)
            for path in wished.columns
            if path != "active"
        },
        index=people.index,
    )


def _differs(wished: pd.Series, actual: pd.Series, position: Positions, path: str) -> Flags:
    if not len(actual):
        return np.zeros(len(wished), dtype=bool)
    current = actual.take(np.maximum(position, 0))
    # RFC 7643 section 4.1.1: userName is not case-exact; mail addresses are as good as that.
    if path == "userName" or path.startswith("emails"):
        wished, current = folded(wished), folded(current)
    # Entra never sends a null: what is absent in the directory stays as it is at the vendor.
    differs: Flags = wished.notna().to_numpy() & ~equal(wished, current)
    return differs


def _inactive(people: pd.DataFrame, accounts: pd.DataFrame) -> Flags:
    active = accounts["active"].eq(False).fillna(False).to_numpy(dtype=bool)
    inactive: Flags = np.append(active, False)[people["account"].to_numpy()]
    return inactive


def _illegal(people: pd.DataFrame, wished: pd.DataFrame) -> Flags:
    """Something would be sent that no vendor should be sent; what is not sent is not looked at."""
    illegal = np.zeros(len(people), dtype=bool)
    sent = people["changed"] | ((people["account"] == NOWHERE) & ~people["unassigned"])
    values = wished[sent]
    for path in values.columns:
        found = values[path].str.contains(ILLEGAL, regex=True) | (values[path].str.len() > LONGEST)
        illegal[sent] |= found.fillna(False).to_numpy(dtype=bool)
    return illegal


def _named(people: pd.DataFrame, names: tuple[str, ...]) -> "pd.Series[bool]":
    """By user principal name or object id, in any case."""
    asked = [name.casefold() for name in names]
    return folded(people["userPrincipalName"]).isin(asked) | people["id"].isin(asked)


def _operator(people: pd.DataFrame, accounts: pd.DataFrame, operator: str | None) -> Flags:
    """She is the one whom the API token belongs to, by her own name or by her account's."""
    if operator is None:
        return np.zeros(len(people), dtype=bool)
    same = folded(accounts["userName"]) == operator.casefold()
    hers = np.append(same.fillna(False).to_numpy(dtype=bool), False)[people["account"]]
    flags: Flags = hers | _named(people, (operator,)).to_numpy(dtype=bool)
    return flags


def _remembered(people: pd.DataFrame, memory: Memory) -> pd.DataFrame:
    """What the store knows of her: an account that is gone now, and what we did to it last.

    Only those are looked up about whom it may decide something.
    """
    without = (people["account"] == NOWHERE) & ~people["unassigned"]
    lost_account = np.zeros(len(people), dtype=bool)
    lost_account[without] = is_in(people["id"][without], memory.links["id"])
    switched = np.full(len(people), "", dtype=object)
    last = np.append(memory.switches["last"].to_numpy(dtype=object), "")
    inactive = people["inactive"].to_numpy(dtype=bool)
    switched[inactive] = last[locate(people["id"][inactive], memory.switches["id"])]
    return pd.DataFrame(
        {
            "lost_account": lost_account,
            "switched": switched,
            "flapping": people["id"].isin(memory.flapping),
        },
        index=people.index,
    )


def _bundle(wanted: tuple[str, ...], products: tuple[str, ...]) -> int:
    return sum(1 << at for at, product in enumerate(products) if product in wanted)
