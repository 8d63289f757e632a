"""The guards' verdicts on an evaluation, in the order in which they are shown."""

from collections.abc import Iterator

import numpy as np

from reconciler.model.plan import Verdict
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.guards.emptied import (
    emptied_directory,
    emptied_groups,
    emptied_scopes,
    removed_sets,
)
from reconciler.planning.guards.emptied_attributes import mass_emptying
from reconciler.planning.guards.incomplete_export import unproven_export
from reconciler.planning.guards.least_members import least_members
from reconciler.planning.guards.losses import mass_revocation
from reconciler.planning.guards.privileged_changes import (
    consented_accounts,
    last_admin,
    new_admins,
    reclaimed_seats,
)
from reconciler.planning.guards.user_name_changes import mass_rename
from reconciler.planning.guards.vendor_would_accept import (
    clock_verdict,
    switch_verdict,
    token_end,
    token_verdict,
)
from reconciler.planning.guards.young_store import young_store
from reconciler.situations.accounts import LAST_ADMIN


def evaluate_guards(evaluation: Evaluation) -> tuple[Verdict, ...]:
    """One verdict per guard; guards of single groups, sets or accounts give one only to object."""
    settings, now = evaluation.settings, evaluation.plan_context.now
    policy, vendor, sets = settings.policy, settings.vendor, settings.subscription_sets
    memory, would = evaluation.snapshot.memory, evaluation.consequences
    return (
        token_verdict(vendor, now.date()),
        switch_verdict(vendor),
        token_end(vendor, now, len(evaluation.operations)),
        clock_verdict(evaluation.snapshot.directory.clock_skew),
        *_of_an_export(evaluation),
        young_store(memory.began, now, would),
        emptied_directory(would),
        mass_revocation(policy, would),
        *least_members(sets, would),
        mass_rename(policy, would.logins),
        *mass_emptying(policy, would),
        new_admins(policy, would.admins),
        last_admin(_exempted_admins(evaluation), would.admins),
        *emptied_groups(would),
        *emptied_scopes(would),
        *removed_sets(sets, would),
        *consented_accounts(would),
        *reclaimed_seats(would),
    )


def _of_an_export(evaluation: Evaluation) -> Iterator[Verdict]:
    if export := evaluation.snapshot.directory.export:
        policy, last = evaluation.settings.policy, evaluation.snapshot.memory.export
        yield unproven_export(policy, export, last, evaluation.by_absence)


def _exempted_admins(evaluation: Evaluation) -> list[str]:
    exempted = np.flatnonzero(evaluation.decisions.exempted == LAST_ADMIN.code)
    return [user.name for user in evaluation.facts.people.users(exempted)]
