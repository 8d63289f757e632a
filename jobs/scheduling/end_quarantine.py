"""Resume: a person says that the cause of the failures is gone."""

from jobs.context import Context
from jobs.leased_run import Run
from jobs.output.exit_codes import Exit
from jobs.run_history.quarantine_backoff import KINDS, LOOKED_THROUGH, quarantine


def resume(context: Context, run: Run) -> None:
    """Ends the quarantine, if there is one: failures are counted anew from this run on."""
    with context.store.transaction(run.id) as tx:
        resting = quarantine(tx.runs.newest(LOOKED_THROUGH, KINDS))
    run.exit_code = Exit.OK
    if resting:
        run.summary = f"runs had failed {resting.failures} times in a row"
    else:
        run.summary = "there was no quarantine"
