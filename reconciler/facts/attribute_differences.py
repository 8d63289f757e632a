"""Compares the attributes of accounts with what they should be."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from reconciler.columns.frames import Flags, Positions, Texts, folded
from reconciler.columns.joins import NOWHERE, equal, values_at
from reconciler.facts.account_of_user import USER_NAME, mail_path
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
    kept_in_step: Collection[str],
) -> tuple[Match, dict[str, Flags]]:
    """Each user's account, and per SCIM path whether it has another value than it should.

    `desired` are the mapped attributes, row by row with the users, of which those `kept_in_step`
    are changed at accounts that exist; see `match` for the others.
    """
    mail = mail_path(desired)
    if mail and Way.MAIL in ways.get(USER_NAME, ()):
        desired = {**desired, USER_NAME: desired[mail]}
    should = _as_compared(desired, ways)
    actual = _as_compared({str(path): values for path, values in accounts.items()}, ways)
    found = match(users, should, seeking, actual, owner, mail)
    differs = differences(found.account, should, actual)
    left = {path for path in differs if path not in kept_in_step or Way.FIXED in ways.get(path, ())}
    nobody = np.zeros(len(users), dtype=bool)
    return found, {path: nobody if path in left else flags for path, flags in differs.items()}


def differences(account: Positions, desired: Texts, accounts: Texts) -> dict[str, Flags]:
    """Per SCIM path whose account has another value than desired.

    Entra never sends a null: what is absent in the directory stays as it is at the vendor.
    """
    known = account != NOWHERE
    return {
        path: known & values.notna().to_numpy() & ~equal(values, values_at(accounts[path], account))
        for path, values in desired.items()
        if path != "active"
    }


def any_of(columns: dict[str, Flags], size: int) -> Flags:
    """Which of `size` rows are set in any of the columns."""
    either = np.zeros(size, dtype=bool)
    for flags in columns.values():
        either |= flags
    return either


def _as_compared(texts: Texts, ways: Ways) -> Texts:
    """Case-folded where case means nothing, and spelled as the vendor is known to keep it."""
    spelled = {path: all_spelled(texts[path], some) for path, some in ways.items() if path in texts}
    return {
        path: folded(values) if is_address(path) else values
        for path, values in {**texts, **spelled}.items()
    }
