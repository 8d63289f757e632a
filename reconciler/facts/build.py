"""Directory, vendor and configuration joined: what is known, in columns, before anything is
decided.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from config.settings import Settings
from reconciler.columns import frames
from reconciler.columns.frames import Flags, Positions, Texts, folded, is_false, says
from reconciler.columns.joins import (
    NOWHERE,
    all_differ,
    equal,
    find,
    is_in,
    locate,
    pairs,
    values_at,
)
from reconciler.facts.activity import inactive, invited, last_switched
from reconciler.facts.grace import grace_ends, left_since
from reconciler.facts.identity import mail_path
from reconciler.facts.mapping import evaluate
from reconciler.facts.matching import match
from reconciler.facts.named import OPERATOR, PROTECTED, SERVED_FIRST, Named, find_named, names_in
from reconciler.facts.refusals import refused_twice, stuck
from reconciler.facts.sets import JudgedSets
from reconciler.facts.vendor_memberships import (
    Holdings,
    frozen_by,
    held_set,
    in_other_groups,
    join_holdings,
    products_held,
    unproven_by,
)
from reconciler.model.snapshot import Memory, Snapshot
from reconciler.model.text_rules import illegal, is_address, with_blanks_absent
from reconciler.model.user_facts import Match, UserFacts
from reconciler.model.ways import Way, Ways, all_spelled


@dataclass(frozen=True)
class Facts:
    """The people, sorted by object id, beside what they should say and hold.

    people    what is known of each person
    wished    the mapped attributes, row by row with `people`
    differs   per SCIM path whose account says something else than it should
    accounts  sorted by SCIM id
    owner     per account the person whose object id it carries, as a position, -1: nobody
    holdings  one row per account and set
    stuck     row by row with `holdings`, whether the vendor refused twice that the user leaves
    masks     per account the products that it holds, as a bit mask over `products`
    bundles   per set its products, likewise
    sizes     per set the people in its group
    named     per key of the configuration that names people, whom it means
    """

    people: UserFacts
    desired: Texts
    differs: dict[str, Flags]
    accounts: pd.DataFrame
    owner: Positions
    holdings: Holdings
    stuck: Flags
    masks: Positions
    bundles: Positions
    sizes: Positions
    products: tuple[str, ...]
    named: dict[str, Named]


def collect_facts(
    settings: Settings, snapshot: Snapshot, judged: JudgedSets, now: datetime
) -> Facts:
    """Joins directory, vendor and configuration; decides nothing. The snapshot is in order."""
    policy, accounts = settings.policy, snapshot.target.accounts
    told = with_blanks_absent(snapshot.directory.people)

    who, which = _memberships(told, snapshot, judged)
    wanted, sets = _wishes(len(told), who, which)
    unassigned = wanted == NOWHERE
    gone, deleted = (says(told["presence"], presence) for presence in ("gone", "deleted"))
    disabled = is_false(told["accountEnabled"])
    not_people = _not_people(told, snapshot.directory.members)
    unseen = says(told["presence"], "unseen")
    absent = gone | deleted | disabled | unassigned
    desired = evaluate(settings.attribute_mapping, told, absent)

    owner = find(accounts["externalId"], told["id"])
    mail = mail_path(desired)
    ways = snapshot.target.ways
    seeking = ~absent & ~unseen
    found, differs = _compare(told, desired, seeking, accounts, owner, mail, ways)
    holdings = join_holdings(found, accounts, snapshot, judged)
    held = held_set(wanted, holdings)
    changed = any_of(differs, len(told))
    last = last_switched(told["id"], snapshot.memory)
    off = inactive(found, snapshot.target, last)
    named = {
        key: find_named(names, told, accounts, found.account, snapshot.memory.named)
        for key, names in names_in(settings).items()
    }
    left = left_since(told, snapshot.memory.leavers, now)
    ours = _ours(told, found, accounts, holdings, snapshot.memory) | ~unassigned
    elsewhere = ~(gone | deleted | disabled) & in_other_groups(found, accounts, snapshot.target)
    bundles = np.array([_bundle(item.products, settings.products) for item in judged.sets])
    people = UserFacts(
        told=told,
        untold=says(told["presence"], "present") & told["accountEnabled"].isna().to_numpy(),
        unseen=unseen,
        gone=gone,
        deleted=deleted,
        disabled=disabled,
        absent=absent,
        no_person=not_people & ~(deleted | disabled),
        barred_guest=np.zeros(len(told), dtype=bool) if policy.allow_guests else _guest(told),
        duplicated=_duplicated(told, ~unassigned),
        without_name=_absent(told["userPrincipalName"], desired["userName"]),
        without_mail=_absent(told["mail"], desired.get(mail, told["mail"])),
        half_named=_absent(told["givenName"], told["surname"]),
        wanted=wanted,
        sets=sets,
        unassigned=unassigned,
        match=found,
        held=held,
        inactive=off,
        invited=invited(found, snapshot.target, last),
        changed=changed,
        illegal=illegal(desired, changed | ((found.account == NOWHERE) & ~unassigned)),
        frozen_by=frozen_by(wanted, holdings, judged),
        unproven_by=unproven_by(wanted, held, holdings, judged),
        protected=named[PROTECTED].among(len(told)),
        served_first=named[SERVED_FIRST].among(len(told)),
        operator=named[OPERATOR].among(len(told)),
        ours=ours,
        taken=_taken(settings, found, snapshot),
        stays_active=absent & (found.account != NOWHERE) & ~off & (elsewhere | ~ours),
        pending=_pending(told, found, snapshot),
        hidden=_among(told["id"], snapshot.target.hidden),
        refused=refused_twice(
            snapshot.target.refused,
            told,
            desired,
            found.account,
            absent,
            held,
            wanted,
            [item.name for item in judged.sets],
        ),
        incomplete=(found.account == NOWHERE)
        & ~absent
        & bool(snapshot.target.required.difference(desired)),
        lost_account=_lost_account(told, (found.account == NOWHERE) & ~unassigned, snapshot.memory)
        & (last != "deactivated"),
        last_activation_change=np.where(off, last, ""),
        changed_here=_among(told["id"], _changed_here(snapshot.memory)),
        flapping=_among(told["id"], snapshot.memory.flapping),
        left=left,
        grace_ends=grace_ends(left, held, unassigned, judged, policy, now),
    )
    return Facts(
        people,
        desired,
        differs,
        accounts,
        owner,
        holdings,
        stuck=stuck(snapshot.target.refused, told, holdings, [item.name for item in judged.sets]),
        masks=products_held(holdings, bundles, len(accounts)),
        bundles=bundles,
        sizes=np.bincount(which[~not_people[who]], minlength=len(judged.sets)),
        products=settings.products,
        named=named,
    )


def _memberships(
    told: pd.DataFrame, snapshot: Snapshot, judged: JudgedSets
) -> tuple[Positions, Positions]:
    """Who is in which set's group, each pair once: positions of people and of sets."""
    names = frames.column((item.name for item in judged.sets), frames.TEXT)
    members = snapshot.directory.members
    return pairs(find(members["id"], told["id"]), locate(members["set"], names))


def _not_people(told: pd.DataFrame, members: pd.DataFrame) -> Flags:
    """Who is in a group as something else than a user: Graph derives agentUser from user, and
    whatever has an account is asked for by its id, whether it is a person or not.
    """
    others = members["id"][~says(members["kind"], "user")]
    return is_in(told["id"], others)


def _wishes(size: int, who: Positions, which: Positions) -> tuple[Positions, Positions]:
    """Per person the one set they are in (the first of several), and in how many they are."""
    wanted = np.full(size, NOWHERE)
    wanted[who[::-1]] = which[::-1]  # of several the first one stays
    return wanted, np.bincount(who, minlength=size)


def _absent(one: pd.Series, other: pd.Series) -> Flags:
    """Where one of the two says nothing: what Entra has, and what the mapping makes of it."""
    absent: Flags = one.isna().to_numpy() | other.isna().to_numpy()
    return absent


def _guest(told: pd.DataFrame) -> Flags:
    """By the type or the mark in the name, in any case. Users of before August 2014 have no type,
    and are none: what this app may not read is not told of accountEnabled either.
    """
    names, types = (pa.array(told[name].array) for name in ("userPrincipalName", "userType"))
    marked = pc.match_substring(names, "#EXT#", ignore_case=True)
    typed = pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(types)), "guest")
    guests: Flags = pc.or_kleene(marked, typed).fill_null(False).to_numpy(zero_copy_only=False)
    return guests


def _duplicated(told: pd.DataFrame, assigned: Flags) -> Flags:
    """They share a user principal name or mail address with somebody else who wants a seat."""
    seeking = assigned & says(told["presence"], "present")
    shared = np.zeros(len(told), dtype=bool)
    for column in ("userPrincipalName", "mail"):
        values = folded(told[column])
        if all_differ(values):
            continue
        codes, uniques = pd.factorize(values)
        known = seeking & (codes >= 0)
        often = np.bincount(codes[known], minlength=len(uniques)) > 1
        shared[known] |= often[codes[known]]
    return shared


def _compare(
    told: pd.DataFrame,
    desired: Texts,
    seeking: Flags,
    accounts: pd.DataFrame,
    owner: Positions,
    mail: str,
    ways: Ways,
) -> tuple[Match, dict[str, Flags]]:
    """Each person's account, and per path whether it says something else than it should."""
    if mail and Way.MAIL in ways.get("userName", ()):
        desired = {**desired, "userName": desired[mail]}
    said = _as_compared(desired, ways)
    actual = _as_compared({str(path): values for path, values in accounts.items()}, ways)
    found = match(told, said, seeking, actual, owner, mail)
    differs = differences(found.account, said, actual)
    fixed = {path: np.zeros(len(told), dtype=bool) for path in ways if Way.FIXED in ways[path]}
    return found, {path: fixed.get(path, flags) for path, flags in differs.items()}


def _as_compared(texts: Texts, ways: Ways) -> Texts:
    """Folded where case means nothing, and as the vendor is known to keep it."""
    spelled = {path: all_spelled(texts[path], some) for path, some in ways.items() if path in texts}
    return {
        path: folded(values) if is_address(path) else values
        for path, values in {**texts, **spelled}.items()
    }


def differences(account: Positions, desired: Texts, accounts: Texts) -> dict[str, Flags]:
    """Entra never sends a null: what is absent in the directory stays as it is at the vendor."""
    known = account != NOWHERE
    return {
        path: known & values.notna().to_numpy() & ~equal(values, values_at(accounts[path], account))
        for path, values in desired.items()
        if path != "active"
    }


def any_of(columns: dict[str, Flags], size: int) -> Flags:
    either = np.zeros(size, dtype=bool)
    for flags in columns.values():
        either |= flags
    return either


def _among(values: pd.Series, few: frozenset[str]) -> Flags:
    return is_in(values, frames.column(sorted(few), frames.TEXT))


def _ours(
    told: pd.DataFrame,
    found: Match,
    accounts: pd.DataFrame,
    holdings: Holdings,
    memory: Memory,
) -> Flags:
    """Their account is linked to them in the store, or holds a set now. An object id as externalId
    alone says nothing: others provision this vendor, too.
    """
    linked = values_at(memory.links["account"], locate(told["id"], memory.links["id"]))
    ours = equal(linked, values_at(accounts["account"], found.account))
    ours[holdings.person[holdings.managed]] = True
    return ours


def _pending(told: pd.DataFrame, found: Match, snapshot: Snapshot) -> Flags:
    """Without an account that is shown, while the store knows one that was accepted."""
    links = snapshot.memory.links
    awaited = links["id"][_among(links["account"], snapshot.target.pending)]
    without: Flags = found.account == NOWHERE
    return without & is_in(told["id"], awaited)


def _lost_account(told: pd.DataFrame, without: Flags, memory: Memory) -> Flags:
    """Of those `without` an account: the store remembers one, which is gone now."""
    lost = np.zeros(len(told), dtype=bool)
    lost[without] = is_in(told["id"][without], memory.links["id"])
    return lost


def _taken(settings: Settings, found: Match, snapshot: Snapshot) -> Flags:
    """Whose set would have to replace what somebody else has written there."""
    if settings.vendor.membership == "groups":
        return np.zeros(len(found.account), dtype=bool)
    target = snapshot.target
    return in_other_groups(found, target.accounts, replace(target, unread=()))


def _changed_here(memory: Memory) -> frozenset[str]:
    """Whose sets were changed here within a week."""
    week = memory.week
    return frozenset(week["id"][frames.says(week["what"], "set")])


def _bundle(wanted: tuple[str, ...], products: tuple[str, ...]) -> int:
    return sum(1 << at for at, product in enumerate(products) if product in wanted)
