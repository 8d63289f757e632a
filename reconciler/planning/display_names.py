"""Entra's names of the users in a plan: for people who read it, and never to decide by."""

import pandas as pd
from msgspec.structs import replace

from reconciler.columns.frames import TEXT, cells, column
from reconciler.columns.table_joins import NOWHERE, find
from reconciler.model.plan import Plan


def with_display_names(plan: Plan, entra: pd.DataFrame) -> Plan:
    """Graph's displayName of the plan's users who have one; `entra` is of `frames.PEOPLE`."""
    users = column(sorted({one.id for one in plan.mentioned if one.kind == "user"}), TEXT)
    at = find(users, entra["id"])
    known = at != NOWHERE
    names = zip(users[known], cells(entra["displayName"], at[known]), strict=True)
    return replace(plan, display_names={user: name for user, name in names if name})
