"""Attributes that keep users from an account: as Entra has them, or as they are mapped."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reconciler.columns.frames import Flags, Texts, folded, is_text
from reconciler.columns.table_joins import all_differ
from reconciler.facts.account_of_user import USER_NAME
from reconciler.model.unsendable_text import illegal
from reconciler.model.user_facts import Attributes


def attributes_of(
    users: pd.DataFrame,
    desired: Texts,
    mail_path: str,
    assigned: Flags,
    sent: Flags,
    *,
    allow_guests: bool,
) -> Attributes:
    """Row by row with the users; `desired` are the mapped attributes, `mail_path` is that of the
    mail address among them, if there is one.

    `assigned`: in some set's group. `sent`: the mapped attributes would be sent to the vendor now.
    """
    mail = desired.get(mail_path, users["mail"])
    return Attributes(
        guest=np.zeros(len(users), dtype=bool) if allow_guests else _guest(users),
        duplicated=_duplicated(users, assigned),
        without_name=_absent(users["userPrincipalName"], desired[USER_NAME]),
        without_mail=_absent(users["mail"], mail),
        half_named=_absent(users["givenName"], users["surname"]),
        illegal=illegal(desired, sent),
    )


def _absent(one: pd.Series, other: pd.Series) -> Flags:
    """Which rows lack one of the two values, such as Entra's and the one mapped from it."""
    absent: Flags = one.isna().to_numpy() | other.isna().to_numpy()
    return absent


def _guest(users: pd.DataFrame) -> Flags:
    """By userType, or by #EXT# in the user principal name, in any case.

    No userType is no guest: users of before August 2014 have none. It is not absent for want of a
    permission, for accountEnabled would be absent, too.
    """
    names, types = (pa.array(users[name].array) for name in ("userPrincipalName", "userType"))
    marked = pc.match_substring(names, "#EXT#", ignore_case=True)
    typed = pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(types)), "guest")
    guests: Flags = pc.or_kleene(marked, typed).fill_null(False).to_numpy(zero_copy_only=False)
    return guests


def _duplicated(users: pd.DataFrame, assigned: Flags) -> Flags:
    """Who shares a user principal name or mail address with another user in some set's group."""
    seeking = assigned & is_text(users["presence"], "present")
    shared = np.zeros(len(users), dtype=bool)
    for column in ("userPrincipalName", "mail"):
        values = folded(users[column])
        if all_differ(values):
            continue
        codes, uniques = pd.factorize(values)
        known = seeking & (codes >= 0)
        often = np.bincount(codes[known], minlength=len(uniques)) > 1
        shared[known] |= often[codes[known]]
    return shared
