"""Questions about what the vendor has: all of it, and what of it nobody asked for.

Everything is read, and nothing planned: these have no way to write to the vendor.
"""

from collections.abc import Sequence

from jobs.context import Context
from jobs.leased_run import recorded
from jobs.output.console import say
from jobs.output.exit_codes import Exit
from jobs.output.rows.users import AccountRow, DriftRow
from jobs.reading.read_and_evaluate import evaluate
from reconciler.facts.undecided_sets import nothing_decided
from reconciler.model.phrasing import Plural, named
from reconciler.planning.account_owners import AccountStanding, Standing, account_standings
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.vendor_drift import vendor_drift


def account_rows(context: Context) -> list[AccountRow]:
    """Every account; those that are nobody's come first.

    Raises:
        connectors.errors.CounterpartError, reconciler.no_plan.NoPlan: as `evaluate`.
    """
    with recorded(context, "discover") as run:
        evaluation = evaluate(context)
        rows = [_account_row(one) for one in account_standings(evaluation)]
        run.exit_code = Exit.OK
        run.summary = f"{Plural(len(rows)):account|accounts} listed"
    _tell_unread(evaluation)
    return sorted(rows, key=_questionable_first)


def drift_rows(context: Context) -> tuple[list[DriftRow], Exit]:
    """What is drift, by kind and name; DRIFT if anything is, UNDECIDED if nothing could be told.

    Raises:
        connectors.errors.CounterpartError, reconciler.no_plan.NoPlan: as `evaluate`.
    """
    with recorded(context, "drift") as run:
        evaluation = evaluate(context)
        with context.store.transaction() as tx:
            done = tx.journal.done()
        rows = [
            DriftRow(
                what=one.what.value,
                who=one.subject.name,
                where=one.where,
                vendor=one.vendor,
                entra=one.entra,
                written_here=one.written,
                account=one.account,
            )
            for one in vendor_drift(evaluation, done)
        ]
        run.exit_code = _exit_code(evaluation, rows)
        run.summary = f"{Plural(len(rows)):thing|things} found that nobody asked for"
    _tell_unread(evaluation)
    return rows, run.exit_code


def _questionable_first(row: AccountRow) -> tuple[int, str, str]:
    order = (Standing.ORPHAN, Standing.LINKABLE, Standing.OUTSIDE, Standing.MANAGED)
    return order.index(Standing(row.standing)), row.user_name.casefold(), row.account


def _account_row(one: AccountStanding) -> AccountRow:
    return AccountRow(
        user_name=one.user_name,
        standing=one.standing.value,
        by=one.by,
        user=one.user.name if one.user else "",
        sets=one.sets,
        state="unknown" if one.active is None else "active" if one.active else "inactive",
        situation=one.code,
        account=one.account,
        object_id=one.user.id if one.user else "",
    )


def _exit_code(evaluation: Evaluation, rows: Sequence[DriftRow]) -> Exit:
    if rows:
        return Exit.DRIFT
    nothing = nothing_decided(evaluation.judged, evaluation.undecided)
    return Exit.UNDECIDED if nothing else Exit.OK


def _tell_unread(evaluation: Evaluation) -> None:
    """What is not known is not to be taken for nothing."""
    if names := [f'"{evaluation.judged.sets[at].name}"' for at in evaluation.undecided]:
        say(f"Not known is who should be in {named(names)}: the group could not be read.")
