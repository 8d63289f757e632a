"""What the store alone knows, where the vendor does not show it: whose an account is, who is in."""

from dataclasses import replace

import numpy as np
import pandas as pd

from config.mapping import AttributeMapping
from reconciler.columns.frames import folded
from reconciler.facts.mapping import evaluate
from reconciler.model.snapshot import Directory, Target


def with_links(
    mapping: AttributeMapping, directory: Directory, target: Target, links: pd.DataFrame
) -> Target:
    """The target, whose accounts without externalId carry that of the user they are linked to.

    Not those whose user name is somebody else's by now.
    """
    if target.shows_external_id:
        return target
    accounts = target.accounts
    once = links.drop_duplicates("account", keep=False)
    linked = _of(accounts["account"], once["account"], once["id"])
    names = folded(evaluate(mapping, directory.people, _nobody(directory.people))["userName"])
    owner = _of(folded(accounts["userName"]), names, directory.people["id"])
    agrees = owner.isna() | owner.eq(linked)
    shown = accounts["externalId"].where(accounts["externalId"].notna() | ~agrees, linked)
    return replace(
        target, accounts=accounts.assign(externalId=shown.astype(accounts.dtypes["externalId"]))
    )


def with_granted(target: Target, granted: pd.DataFrame, links: pd.DataFrame) -> Target:
    """The target, whose unshown sets are held by whoever was put there, too (`frames.GRANTED`)."""
    unshown = granted[granted["set"].isin(list(target.unshown))]
    theirs = unshown.merge(links, on="id")[["set", "account"]]
    holdings = pd.concat([target.holdings, theirs], ignore_index=True).drop_duplicates()
    return replace(target, holdings=holdings.reset_index(drop=True))


def _of(values: pd.Series, keys: pd.Series, things: pd.Series) -> pd.Series:
    """Per value the thing that stands beside the same key, absent if none or several do."""
    known = pd.DataFrame({"key": keys.to_numpy(), "thing": things.to_numpy()}).dropna()
    single = known.drop_duplicates("key", keep=False).set_index("key")["thing"]
    return values.map(single).astype(values.dtype)


def _nobody(people: pd.DataFrame) -> np.ndarray:
    return np.zeros(len(people), dtype=bool)
