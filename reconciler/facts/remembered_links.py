"""Owners of accounts and members of sets from the store, where the vendor does not show them."""

from dataclasses import replace

import pandas as pd

from config.attribute_mapping import AttributeMapping
from reconciler.columns.frames import folded
from reconciler.columns.table_joins import is_in
from reconciler.facts.wanted_attributes import user_names
from reconciler.model.snapshot import Directory, Target


def with_links(
    mapping: AttributeMapping, directory: Directory, target: Target, links: pd.DataFrame
) -> Target:
    """The target; accounts without externalId have that of the user whom the store links them to.

    Left out are accounts whose user name is now that of another user.
    """
    if target.shows_external_id:
        return target
    accounts = target.accounts
    once = links.drop_duplicates("account", keep=False)
    linked = _look_up(accounts["account"], once["account"], once["id"])
    names = folded(user_names(mapping, directory.people))
    owner = _look_up(folded(accounts["userName"]), names, directory.people["id"])
    agrees = owner.isna() | owner.eq(linked)
    shown = accounts["externalId"].where(accounts["externalId"].notna() | ~agrees, linked)
    return replace(
        target, accounts=accounts.assign(externalId=shown.astype(accounts.dtypes["externalId"]))
    )


def with_granted(target: Target, granted: pd.DataFrame, links: pd.DataFrame) -> Target:
    """The target; users put into such sets from here (`frames.GRANTED`) count as members."""
    put = granted[is_in(granted["set"], target.hiding_members)]
    theirs = put.merge(links, on="id")[["set", "account"]]
    holdings = pd.concat([target.holdings, theirs], ignore_index=True).drop_duplicates()
    return replace(target, holdings=holdings.reset_index(drop=True))


def _look_up(values: pd.Series, keys: pd.Series, things: pd.Series) -> pd.Series:
    """Per value the thing whose key it is; absent if there is none, or are several."""
    known = pd.DataFrame({"key": keys.to_numpy(), "thing": things.to_numpy()}).dropna()
    single = known.drop_duplicates("key", keep=False).set_index("key")["thing"]
    return values.map(single).astype(values.dtype)
