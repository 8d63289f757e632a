"""Joins directory, vendor, configuration and store to columns of facts."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from config.settings import Settings
from reconciler.columns import frames
from reconciler.columns.frames import Flags, Positions, Texts
from reconciler.columns.table_joins import NOWHERE, find, locate, pairs
from reconciler.facts.account_status import inactive, invited, last_activation_change
from reconciler.facts.attribute_differences import any_of, compare
from reconciler.facts.grace import grace_ends
from reconciler.facts.named_users import (
    OPERATOR,
    PROTECTED,
    SERVED_FIRST,
    NamedUsers,
    find_named,
    names_in,
)
from reconciler.facts.past import among, met_before, past_of
from reconciler.facts.presence import is_no_user, presence_of
from reconciler.facts.scoping_filters import in_scope
from reconciler.facts.set_bindings import JudgedSets
from reconciler.facts.unusable_attributes import attributes_of
from reconciler.facts.vendor_memberships import (
    Holdings,
    frozen_by,
    held_set,
    in_other_groups,
    join_holdings,
    products_held,
    unproven_by,
)
from reconciler.facts.vendor_refusals import refused_next, stuck, without_refused_changes
from reconciler.facts.wanted_attributes import wanted_attributes, with_defaults
from reconciler.model.refusal_backoff import Refusals, resting
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.model.unsendable_text import with_blanks_absent
from reconciler.model.user_facts import Match, Named, Refused, Scope, UserFacts


@dataclass(frozen=True)
class Facts:
    """Users, accounts and what they hold. Positions of users are rows of `people`, positions of
    accounts rows of `accounts`, positions of sets those in `JudgedSets.sets`.

    people    what is known of each user, sorted by object id
    desired   the mapped attributes, row by row with `people`
    differs   per SCIM path, row by row with `people`: the account has another value than `desired`
    accounts  sorted by SCIM id
    owner     per account the user whose object id is its externalId, as a position, -1: nobody
    holdings  one row per account and set
    stuck     row by row with `holdings`: the vendor keeps refusing that the user leaves the set,
              and is not asked again today
    unchanged likewise, row by row with `people`: that their attributes are changed
    refusals  what the vendor keeps refusing, by key, and is not asked for again today
    masks     per account the products that it holds, as a bit mask over `products`
    bundles   per set its products, likewise
    set_sizes per set how many users are in its group
    in_scope  per set how many of them pass the scoping filters
    named     per key of the configuration that names users, whom it means
    """

    people: UserFacts
    desired: Texts
    differs: dict[str, Flags]
    accounts: pd.DataFrame
    owner: Positions
    holdings: Holdings
    stuck: Flags
    unchanged: Flags
    refusals: Refusals
    masks: Positions
    bundles: Positions
    set_sizes: Positions
    in_scope: Positions
    products: tuple[str, ...]
    named: dict[str, NamedUsers]


def collect_facts(
    settings: Settings, snapshot: Snapshot, judged: JudgedSets, plan_context: PlanContext
) -> Facts:
    """Joins directory, vendor and configuration; decides nothing. The snapshot is in order."""
    now = plan_context.now
    target, memory, accounts = snapshot.target, snapshot.memory, snapshot.target.accounts
    users = with_blanks_absent(snapshot.directory.people)

    presence = presence_of(users, snapshot.directory.members)
    who, which = _memberships(users, snapshot, judged)
    passing = in_scope(settings.scoping_filters, judged.sets, users, who, which)
    passing |= presence.unproven[who]  # what was not read is no reason to lose anything
    wanted, sets = _wanted(len(users), who[passing], which[passing])
    assigned = wanted != NOWHERE
    grouped = np.bincount(who, minlength=len(users)) > 0
    left_entra = presence.gone | presence.deleted | presence.disabled
    absent = left_entra | ~assigned
    mapping = settings.attribute_mapping
    mapped = wanted_attributes(mapping, users, absent, now)

    owner = find(accounts["externalId"], users["id"])
    seeking = ~absent & ~presence.uncertain
    refusals = resting(memory.refused, now)
    found, differs = compare(users, mapped.texts, seeking, accounts, owner, target.ways, mapping)
    differs, unchanged = without_refused_changes(
        refusals.keys(), users, mapped.texts, mapped.allowed(differs)
    )
    without = found.account == NOWHERE
    desired = with_defaults(mapping, mapped, without)
    changed = any_of(differs, len(users))
    holdings = join_holdings(found, accounts, snapshot, judged)
    held = held_set(wanted, holdings)
    bundles = np.array([_bundle(item.products, settings.products) for item in judged.sets])

    last = last_activation_change(users["id"], memory)
    out_of_use = inactive(found, target, last)
    past = past_of(
        users,
        found,
        assigned,
        out_of_use,
        last,
        memory,
        target.pending,
        plan_context.reclaiming,
        now,
    )
    ours = met_before(users, found, accounts, holdings, memory) | assigned
    elsewhere = ~left_entra & in_other_groups(found, accounts, target)
    named = {
        key: find_named(names, users, accounts, found.account, memory.named)
        for key, names in names_in(settings).items()
    }
    people = UserFacts(
        entra=users,
        presence=presence,
        scope=_scope(settings, grouped & ~assigned, held, ~without & ~out_of_use),
        attributes=attributes_of(
            users,
            desired,
            mapping.mail_path,
            assigned,
            sent=changed | (without & assigned),
            allow_guests=settings.policy.allow_guests,
        ),
        named=Named(
            protected=named[PROTECTED].among(len(users)),
            served_first=named[SERVED_FIRST].among(len(users)),
            operator=named[OPERATOR].among(len(users)),
        ),
        past=past,
        refused=_refused(
            settings, snapshot, judged, users, desired, found, absent, held, wanted, refusals
        ),
        wanted=wanted,
        set_count=sets,
        absent=absent,
        match=found,
        held=held,
        inactive=out_of_use,
        invited=invited(found, target, last),
        changed=changed,
        frozen_by=frozen_by(wanted, holdings, judged),
        unproven_by=unproven_by(wanted, held, holdings, judged),
        ours=ours,
        stays_active=~without & ~out_of_use & (absent & (elsewhere | ~ours) | past.reclaiming),
        grace_ends=grace_ends(past.left, held, ~grouped, judged, settings.policy, now),
    )
    person = ~is_no_user(users, snapshot.directory.members)[who]
    return Facts(
        people,
        desired,
        differs,
        accounts,
        owner,
        holdings,
        stuck=stuck(refusals.keys(), users, holdings, [item.name for item in judged.sets]),
        unchanged=unchanged,
        refusals=refusals,
        masks=products_held(holdings, bundles, len(accounts)),
        bundles=bundles,
        set_sizes=np.bincount(which[person], minlength=len(judged.sets)),
        in_scope=np.bincount(which[person & passing], minlength=len(judged.sets)),
        products=settings.products,
        named=named,
    )


def _memberships(
    users: pd.DataFrame, snapshot: Snapshot, judged: JudgedSets
) -> tuple[Positions, Positions]:
    """Users, and the sets whose groups they are in: pairs of positions, each once."""
    names = frames.column((item.name for item in judged.sets), frames.TEXT)
    members = snapshot.directory.members
    return pairs(find(members["id"], users["id"]), locate(members["set"], names))


def _wanted(size: int, who: Positions, which: Positions) -> tuple[Positions, Positions]:
    """Per user the set whose group they are in (the first of several), and in how many they are."""
    wanted = np.full(size, NOWHERE)
    wanted[who[::-1]] = which[::-1]  # backwards, so that the first of several is written last
    return wanted, np.bincount(who, minlength=size)


def _scope(settings: Settings, outside: Flags, held: Positions, active: Flags) -> Scope:
    """`active`: whose account is in use. Who has nothing is not said to keep it."""
    something = (held != NOWHERE) | active
    return Scope(outside, outside & something & settings.policy.skip_out_of_scope_deletions)


def _refused(
    settings: Settings,
    snapshot: Snapshot,
    judged: JudgedSets,
    users: pd.DataFrame,
    desired: Texts,
    found: Match,
    absent: Flags,
    held: Positions,
    wanted: Positions,
    refusals: Refusals,
) -> Refused:
    target, names = snapshot.target, [item.name for item in judged.sets]
    lacking = bool(target.required.difference(desired))
    return Refused(
        hidden=among(users["id"], target.hidden),
        repeatedly=refused_next(
            refusals.keys(), users, desired, found.account, absent, held, wanted, names
        ),
        incomplete=(found.account == NOWHERE) & ~absent & lacking,
        taken=_taken(settings, found, snapshot),
    )


def _taken(settings: Settings, found: Match, snapshot: Snapshot) -> Flags:
    """Whose attribute for their set has a value that is no set's name (V19)."""
    if settings.vendor.membership == "groups":
        return np.zeros(len(found.account), dtype=bool)
    target = snapshot.target
    return in_other_groups(found, target.accounts, replace(target, unread=()))


def _bundle(wanted: tuple[str, ...], products: tuple[str, ...]) -> int:
    return sum(1 << at for at, product in enumerate(products) if product in wanted)
