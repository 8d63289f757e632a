"""Finds the accounts of all users at once: by externalId, then by the two matching attributes.

The rule is that of `account_of_user.same_account`. Columns add what one account alone cannot tell:
that several match, that another user has a claim, too, or that its externalId is the mailNickname.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconciler.columns.frames import Flags, Positions, Texts, folded, is_text
from reconciler.columns.table_joins import (
    NOWHERE,
    all_differ,
    equal,
    first_alike,
    is_in,
    locate,
    take,
    values_at,
)
from reconciler.facts.account_of_user import USER_NAME
from reconciler.model.user_facts import Match


def match(
    people: pd.DataFrame,
    desired: Texts,
    seeking: Flags,
    accounts: Texts,
    owner: Positions,
    matching: Sequence[str],
) -> Match:
    """Row by row with `people`, who are sorted by object id: each one's account.

    `desired` are the mapped attributes of the users and `accounts` those of the accounts, both as
    they are compared; `matching` are the paths in them by which accounts are looked for, in
    their precedence: it says whose account is named where two are found. `owner` is per account the
    position of the user whose object id is its externalId (-1: nobody).

    Accounts are looked for by these paths only for users who are `seeking` a seat and could be
    read; for others by externalId alone.
    """
    same_person = first_alike(people["id"])
    first, carrying = _inverted(owner, len(people))
    by_id, id_hits = take(first, same_person, NOWHERE), take(carrying, same_person, 0)
    linked = by_id >= 0
    found = {
        path: _by_name(desired[path], accounts[path], seeking, by_id)
        if path == USER_NAME
        else _look_up(desired[path], accounts[path], seeking & ~linked)
        for path in matching
    }
    nothing = np.full(len(people), NOWHERE), np.zeros(len(people), dtype=np.int64)
    (by_one, hits_of_one), (by_other, hits_of_other) = (*found.values(), nothing)[:2]
    account = np.where(linked, by_id, np.where(by_one >= 0, by_one, by_other))
    hits = np.where(linked, id_hits, np.where(by_one >= 0, hits_of_one, hits_of_other))
    by_name, _ = found[USER_NAME]
    rival = np.where(linked & (by_name >= 0) & (by_name != account), by_name, NOWHERE)

    owned_by_living = take(is_text(people["presence"], "present"), owner)
    unlinked = take(is_text(accounts["externalId"], "", absent=True), account)
    nicknamed = _nicknamed(people, accounts, account, ~linked & (account >= 0))
    claims = np.bincount(account[account >= 0], minlength=len(owner))
    claims += np.bincount(rival[rival >= 0], minlength=len(owner))
    return Match(
        account=account,
        linked=linked,
        hits=np.where(account >= 0, hits, 0),
        nicknamed=nicknamed,
        certain=linked | ((by_one >= 0) & (by_one == by_other) & (unlinked | nicknamed)),
        foreign=~linked & (account >= 0) & ~unlinked & ~nicknamed,
        contested=(take(claims, account, 0) > 1) | (rival >= 0),
        owner_exists=take(owned_by_living, account) | take(owned_by_living, rival),
    )


def _nicknamed(people: pd.DataFrame, accounts: Texts, account: Positions, asked: Flags) -> Flags:
    nicknamed = np.zeros(len(people), dtype=bool)
    theirs = accounts["externalId"].take(account[asked])
    nicknamed[asked] = equal(folded(people["mailNickname"][asked]), folded(theirs))
    return nicknamed


def _by_name(
    desired: pd.Series, names: pd.Series, seeking: Flags, by_id: Positions
) -> tuple[Positions, Positions]:
    """The account with the user's name, where it may be another than theirs by externalId, and how
    many accounts have it.

    Nearly all users' own accounts have their name, and no other account has it: only the rest is
    looked up, which is everybody as soon as two accounts share a name.
    """
    has_own_name = np.zeros(len(desired), dtype=bool)
    if all_differ(names):
        has_own_name = equal(desired, values_at(names, by_id))
    return _look_up(desired, names, seeking & ~has_own_name)


def _look_up(values: pd.Series, among: pd.Series, asked: Flags) -> tuple[Positions, Positions]:
    """For each value that is `asked`, its first position in `among`, and how often it is there."""
    first = np.full(len(values), NOWHERE)
    count = np.zeros(len(values), dtype=np.int64)
    few = values[asked]
    near = np.flatnonzero(is_in(among, few))
    nearest, hits = _inverted(locate(among.take(near), few), len(few))
    same = locate(few, few)
    first[asked] = take(near, take(nearest, same, NOWHERE), NOWHERE)
    count[asked] = take(hits, same, 0)
    return first, count


def _inverted(positions: Positions, size: int) -> tuple[Positions, Positions]:
    """For each of the positions up to `size` the first row that has it, and how many do."""
    first = np.full(size, NOWHERE)
    rows = np.flatnonzero(positions != NOWHERE)
    first[positions[rows][::-1]] = rows[::-1]
    return first, np.bincount(positions[rows], minlength=size)
