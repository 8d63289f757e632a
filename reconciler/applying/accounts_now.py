"""The accounts that a plan starts from, as they are at the vendor now."""

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from reconciler.applying.preconditions import AccountNow
from reconciler.columns.frames import folded
from reconciler.columns.table_joins import is_in
from reconciler.model.plan import Operation, Plan
from reconciler.model.snapshot import Target

NOTHING = AccountNow(None, None, frozenset())


def readings_of(plan: Plan, target: Target) -> dict[int, AccountNow]:
    """Per index of an operation its account, `NOTHING` if there is none.

    For an account that is to be created, one that is linked to the user or has the name already.
    """
    accounts = target.accounts.assign(name=folded(target.accounts["userName"]))
    created = [o.after.attributes or {} for o in plan.operations if _creates(o)]
    few = accounts[
        is_in(accounts["account"], [o.account for o in plan.operations if o.account])
        | is_in(accounts["externalId"], [str(one["externalId"]) for one in created])
        | is_in(accounts["name"], [_name(one) for one in created])
    ]
    linked = dict(zip(few["externalId"], few["account"], strict=True))
    named = dict(zip(few["name"], few["account"], strict=True))
    readings = _readings(few.drop(columns="name"), target.holdings)

    def account_of(operation: Operation) -> str | None:
        if not _creates(operation):
            return operation.account
        desired = operation.after.attributes or {}
        return linked.get(desired["externalId"]) or named.get(_name(desired))

    return {o.index: readings.get(account_of(o) or "", NOTHING) for o in plan.operations}


def _creates(operation: Operation) -> bool:
    return operation.account is None and operation.after.attributes is not None


def _name(attributes: Mapping[str, str | bool | None]) -> str:
    return str(attributes["userName"]).casefold()


def _readings(accounts: pd.DataFrame, holdings: pd.DataFrame) -> dict[str, AccountNow]:
    held = holdings[is_in(holdings["account"], accounts["account"])]
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for account, name in zip(held["account"], held["set"], strict=True):
        sets[account].add(name)
    rows = accounts.astype(object).where(accounts.notna(), None).to_dict("records")
    return {
        row["account"]: AccountNow(
            {str(path): value for path, value in row.items()},
            row["active"],
            frozenset(sets[row["account"]]),
        )
        for row in rows
    }
