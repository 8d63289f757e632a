"""R23: the attribute mapping gives several users one user name, which two accounts cannot share."""

import numpy as np
import pandas as pd

from reconciler.columns.frames import Positions, folded, is_text
from reconciler.columns.table_joins import all_differ
from reconciler.facts.account_of_user import USER_NAME
from reconciler.facts.build import Facts
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding
from reconciler.situations import RUN, finding
from reconciler.situations.runs import USER_NAME_NOT_UNIQUE

EXAMPLES = 3
"""How many users a message names as examples."""


def shared_user_name(facts: Facts) -> Finding | None:
    """R23: the mapping gives one user name to users who differ in Entra, or gives nobody one.

    Users who share a user principal name or mail address in Entra itself are U8.
    """
    people = facts.people
    asked = np.flatnonzero(~people.absent & ~people.presence.unproven)
    names = folded(facts.desired[USER_NAME]).take(asked).reset_index(drop=True)
    nameless = is_text(names, "", absent=True)
    named_in_entra = ~is_text(people.entra["userPrincipalName"], "", absent=True)[asked]
    if len(names) > 1 and nameless.all() and named_in_entra.any():
        return _refusal(facts, asked, "no user name")
    if all_differ(names[~nameless]):
        return None
    asked, names = asked[~nameless], names[~nameless]
    codes, uniques = pd.factorize(names)
    often = np.bincount(codes)
    told_apart = np.bincount(codes, weights=~people.attributes.duplicated[asked])
    often[told_apart == 0] = 0
    most = int(often.argmax())
    if often[most] < 2:
        return None
    return _refusal(facts, asked[codes == most], f"the user name {uniques[most]}")


def _refusal(facts: Facts, persons: Positions, what: str) -> Finding:
    examples = named(sorted(user.name for user in facts.people.users(persons[:EXAMPLES])))
    return finding(USER_NAME_NOT_UNIQUE, RUN, count=len(persons), what=what, examples=examples)
