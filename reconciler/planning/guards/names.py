"""Guards over what people are called at the vendor: single sign-on finds them by that."""

import numpy as np
import pandas as pd

from reconciler.columns.frames import Positions, folded, says
from reconciler.columns.joins import NOWHERE, all_differ
from reconciler.facts.build import Facts
from reconciler.model.changes import new_logins
from reconciler.model.plan import Finding, Operation, Verdict
from reconciler.model.plural import Plural, named
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import RUN, finding, guard_failed, guard_passed
from reconciler.situations.run import MASS_RENAME, USER_NAME_NOT_UNIQUE

USER_NAME = "userName"

EXAMPLES = 3
"""As many as show what happened to all of them."""


def mass_rename(evaluation: Evaluation) -> Verdict:
    """R22: in 7 days more accounts than the limit would get another user name or mail address."""
    policy, week = evaluation.settings.policy, evaluation.snapshot.memory.week
    renames = {
        operation.subject.id: _told(operation, paths[0])
        for operation in evaluation.operations
        if (paths := new_logins(operation))
    }
    altogether = len({*renames, *week.loc[says(week["what"], "login"), "id"]})
    found = evaluation.facts.people.match
    accounts = int(((found.account != NOWHERE) & found.sure).sum())
    limit = int(max(policy.max_renames, accounts * policy.max_rename_percent / 100))
    share = f"{100 * len(renames) / accounts:.0f} %" if accounts else "0 %"
    if renames and altogether > limit:
        return guard_failed(
            MASS_RENAME,
            count=len(renames),
            accounts=accounts,
            share=share,
            altogether=altogether,
            limit=limit,
            examples="; ".join(sorted(renames.values())[:EXAMPLES]),
        )
    return guard_passed(
        MASS_RENAME,
        f"{len(renames)} of {Plural(accounts):account|accounts} ({share}) would get another user "
        f"name or mail address; with the last 7 days that is {altogether}, and the limit is "
        f"{limit}.",
    )


def shared_user_name(facts: Facts) -> Finding | None:
    """R23: the mapping gives people one name whom Entra itself tells apart, or nobody a name.

    A user principal name or mail address that two users share in Entra is theirs to correct (U8).
    """
    people = facts.people
    asked = np.flatnonzero(~people.absent & ~people.unseen & ~people.untold)
    names = folded(facts.desired[USER_NAME]).take(asked).reset_index(drop=True)
    nameless = says(names, "", absent=True)
    named_in_entra = ~says(people.told["userPrincipalName"], "", absent=True)[asked]
    if len(names) > 1 and nameless.all() and named_in_entra.any():
        return _refusal(facts, asked, "no user name")
    if all_differ(names[~nameless]):
        return None
    asked, names = asked[~nameless], names[~nameless]
    codes, uniques = pd.factorize(names)
    often = np.bincount(codes)
    told_apart = np.bincount(codes, weights=~people.duplicated[asked])
    often[told_apart == 0] = 0
    most = int(often.argmax())
    if often[most] < 2:
        return None
    return _refusal(facts, asked[codes == most], f"the user name {uniques[most]}")


def _refusal(facts: Facts, persons: Positions, what: str) -> Finding:
    examples = named(sorted(user.name for user in facts.people.users(persons[:EXAMPLES])))
    return finding(USER_NAME_NOT_UNIQUE, RUN, count=len(persons), what=what, examples=examples)


def _told(operation: Operation, path: str) -> str:
    """Such as ``ana@contoso.com → ana@contoso.onmicrosoft.com``."""
    before, after = operation.before.attributes or {}, operation.after.attributes or {}
    return f"{before.get(path, 'none')} → {after[path]}"
