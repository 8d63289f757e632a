"""What cron calls: plan, and apply what policy allows and no guard holds."""

from dataclasses import dataclass

from jobs.apply import apply_plan
from jobs.approval.approve import approve
from jobs.approval.os_user import unattended
from jobs.context import Context
from jobs.fleet_incidents.breaker import objections_to_run
from jobs.leased_run import Run, recorded
from jobs.operation_results import Applied
from jobs.output.exit_codes import Exit
from jobs.plan import Planned, make_plan
from jobs.purge import purge_by_age
from jobs.report.summary import unread
from jobs.run_history.kinds_and_ends import RUN


@dataclass(frozen=True)
class Unattended:
    """The plan, and what was applied of it, if anything was."""

    planned: Planned
    applied: Applied | None
    exit_code: Exit


def run_unattended(context: Context, grants_only: bool = False) -> Unattended:
    """One run under one lease; see `make_plan` and `apply_plan` for what they raise."""
    with recorded(context, RUN) as run:
        done = _planned_and_applied(context, run, grants_only)
        purge_by_age(context, run)
        return done


def _planned_and_applied(context: Context, run: Run, grants_only: bool) -> Unattended:
    planned = make_plan(context, run, grants_only)
    if run.exit_code is not Exit.WAITING or not context.settings.policy.auto_apply:
        return Unattended(planned, None, run.exit_code)
    if objections := tuple(objections_to_run(context, planned.unusual)):
        run.exit_code, run.summary = Exit.HELD, objections[0].message
        return Unattended(planned, Applied(objections=objections), run.exit_code)
    approve(context, planned.plan, unattended(), "no guard objects")
    applied = apply_plan(context, planned.plan, run)
    if planned.plan.decides_nothing:
        run.summary = f"{unread(planned.plan)}; {applied.headline}"
        if applied.exit_code is Exit.OK:
            run.exit_code = Exit.UNDECIDED  # what there was to do anyway is no success
    return Unattended(planned, applied, run.exit_code)
