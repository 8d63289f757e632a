"""Users who would lose or gain access if this read were trusted: read again before planning."""

import pandas as pd

from config.attribute_mapping import AttributeMapping
from config.settings import Settings
from reconciler.columns.frames import folded
from reconciler.columns.table_joins import is_in
from reconciler.facts.scoping_filters import memberships_in_scope
from reconciler.facts.wanted_attributes import user_names
from reconciler.model.snapshot import Directory, Target


def losing_users(
    settings: Settings, directory: Directory, target: Target
) -> dict[str, frozenset[str]]:
    """Users who may lose something at the vendor: per object id the sets that they may lose.

    They hold a set without being in its group; or, without a set named here, they have an account
    in use and are in no group, or are disabled, deleted or out of scope. There may be too many of
    them, and never too few: an account that is linked to nobody counts for every user with its
    user name. Sets whose groups were not read completely take nothing from anybody.
    """
    people, accounts = directory.people, target.accounts
    owners = _owners(settings.attribute_mapping, people, accounts)
    proven = [read.set for read in directory.reads if read.group and read.complete]
    holdings = target.holdings[is_in(target.holdings["set"], proven)].merge(owners, on="account")
    unbacked = holdings[~is_in(_set_and_id(holdings), _set_and_id(directory.members))]
    leaving = unbacked.groupby("id")["set"].agg(frozenset)
    holding = is_in(accounts["account"], target.holdings["account"])
    used = accounts.loc[holding | accounts["active"].ne(False).fillna(True), "account"]
    in_use = owners.loc[is_in(owners["account"], used), "id"]
    disabled = people["accountEnabled"].eq(False).fillna(False)
    barred = people.loc[disabled | people["presence"].ne("present"), "id"]
    kept_out = directory.members.loc[~memberships_in_scope(settings, directory), "id"]
    barred = pd.concat([barred, kept_out])
    others = (in_use[~is_in(in_use, directory.members["id"])], barred[is_in(barred, in_use)])
    nothing: frozenset[str] = frozenset()
    return dict.fromkeys(pd.concat(others), nothing) | leaving.to_dict()


def former_members(directory: Directory, target: Target) -> tuple[str, ...]:
    """The owners of accounts who are not among the users that were read with the groups, so that
    Entra has yet to be asked about them.

    The externalIds as the vendor has them, one per account; some may be no object ids.
    """
    owners = target.accounts["externalId"]
    return tuple(owners[~is_in(owners.str.lower(), directory.people["id"])].dropna())


def gaining_users(directory: Directory, target: Target) -> frozenset[str]:
    """Object ids of users who may be granted a set, or an account for it; there may be too many.

    They are in a group that was read completely, and do not hold its set in an active account that
    is linked to them.
    """
    proven = [read.set for read in directory.reads if read.group and read.complete]
    members, accounts = directory.members, target.accounts
    wishes = members.loc[is_in(members["set"], proven) & members["kind"].eq("user"), ["set", "id"]]
    active = accounts.loc[accounts["active"].ne(False).fillna(True), ["account", "externalId"]]
    owned = target.holdings.merge(active.assign(id=active["externalId"].str.lower()), on="account")
    return frozenset(wishes.loc[~is_in(_set_and_id(wishes), _set_and_id(owned)), "id"])


def _set_and_id(rows: pd.DataFrame) -> pd.Series:
    """Both as one text, to look for pairs; no name of a set has a line feed."""
    return rows["set"] + "\n" + rows["id"]


def _owners(
    mapping: AttributeMapping, people: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """Columns `account` and `id`: the owner by externalId, or every user with its name if none."""
    linked = accounts[["account"]].assign(id=accounts["externalId"].str.lower())
    names = people[["id"]].assign(name=folded(user_names(mapping, people))).dropna()
    named = accounts[["account"]].assign(name=folded(accounts["userName"]))
    by_name = named[~is_in(linked["id"], people["id"])].merge(names, on="name")
    return pd.concat([linked.dropna(), by_name[["account", "id"]]], ignore_index=True)
