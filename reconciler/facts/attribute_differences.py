"""Compares the attributes of accounts with what they should be."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from config.attribute_mapping import AttributeMapping
from reconciler.columns.frames import Flags, Positions, Texts, folded
from reconciler.columns.table_joins import NOWHERE, equal, values_at
from reconciler.facts.account_of_user import USER_NAME
from reconciler.facts.matching import match
from reconciler.model.attribute_habits import Way, Ways, all_spelled
from reconciler.model.unsendable_text import is_address
from reconciler.model.user_facts import Match


def compare(
    users: pd.DataFrame,
    desired: Texts,
    seeking: Flags,
    accounts: pd.DataFrame,
    owner: Positions,
    ways: Ways,
    mapping: AttributeMapping,
) -> tuple[Match, dict[str, Flags]]:
    """Each user's account, and per SCIM path whether it has another value than it should.

    `desired` are the mapped attributes, row by row with the users; see `match` for the others.
    """
    mail = mapping.mail_path
    if mail and Way.MAIL in ways.get(USER_NAME, ()):
        desired = {**desired, USER_NAME: desired[mail]}
    should = _as_compared(desired, ways, mapping.matching)
    said = {str(path): values for path, values in accounts.items()}
    actual = _as_compared(said, ways, mapping.matching)
    found = match(users, should, seeking, actual, owner, mapping.matching)
    differs = differences(found.account, should, actual, mapping.cleared)
    fixed = {path for path in ways if Way.FIXED in ways[path]}
    left = {*differs} - (mapping.kept_in_step - fixed)
    nobody = np.zeros(len(users), dtype=bool)
    return found, {path: nobody if path in left else flags for path, flags in differs.items()}


def differences(
    account: Positions, desired: Texts, accounts: Texts, cleared: Collection[str]
) -> dict[str, Flags]:
    """Per SCIM path whose account has another value than desired.

    Entra never sends a null: what is absent in the directory stays as it is at the vendor, unless
    it is `cleared`.
    """
    known = account != NOWHERE
    return {
        path: known & _differs(values, values_at(accounts[path], account), path in cleared)
        for path, values in desired.items()
        if path != "active"
    }


def _differs(desired: pd.Series, has: pd.Series, cleared: bool) -> Flags:
    given = desired.notna().to_numpy()
    differs: Flags = given & ~equal(desired, has)
    return differs | (~given & has.notna().to_numpy()) if cleared else differs


def any_of(columns: dict[str, Flags], size: int) -> Flags:
    """Which of `size` rows are set in any of the columns."""
    either = np.zeros(size, dtype=bool)
    for flags in columns.values():
        either |= flags
    return either


def _as_compared(texts: Texts, ways: Ways, matching: Collection[str]) -> Texts:
    """Case-folded where case means nothing, as in all that accounts are matched by, and spelled as
    the vendor is known to keep it.
    """
    spelled = {path: all_spelled(texts[path], some) for path, some in ways.items() if path in texts}
    return {
        path: folded(values) if is_address(path) or path in matching else values
        for path, values in {**texts, **spelled}.items()
    }
