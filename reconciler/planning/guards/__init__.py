"""Guards: pure verdicts over a whole plan, with their numbers in the message.

A guard that objects does not keep the plan from being written and shown. What it holds is applied
once any person has approved the plan; what it blocks, once an approval names the guard's code; what
it refuses, never. Approvals are bound to the plan's digest.
"""

from reconciler.model.plan import Verdict
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.guards.accounts import consented_accounts, last_admins, new_admins
from reconciler.planning.guards.emptied import emptied_directory, emptied_groups, removed_sets
from reconciler.planning.guards.export import unproven_export
from reconciler.planning.guards.least_members import least_members
from reconciler.planning.guards.losses import mass_revocation
from reconciler.planning.guards.names import mass_rename
from reconciler.planning.guards.time import (
    clock_verdict,
    switch_verdict,
    token_end,
    token_verdict,
    young_store,
)


def evaluate_guards(evaluation: Evaluation) -> tuple[Verdict, ...]:
    """One verdict per guard; those over single groups, sets or accounts speak only to object."""
    vendor = evaluation.settings.vendor
    return (
        token_verdict(vendor, evaluation.plan_context.now.date()),
        switch_verdict(vendor),
        token_end(evaluation),
        clock_verdict(evaluation.snapshot.directory.clock_skew),
        *unproven_export(evaluation),
        young_store(evaluation),
        emptied_directory(evaluation),
        mass_revocation(evaluation),
        *least_members(evaluation),
        mass_rename(evaluation),
        new_admins(evaluation),
        last_admins(evaluation),
        *emptied_groups(evaluation),
        *removed_sets(evaluation),
        *consented_accounts(evaluation),
    )
