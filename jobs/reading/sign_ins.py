"""Sign-ins to the vendor's application, read on from where the last run stopped, and kept."""

import pandas as pd

from config.directory import DirectoryFile
from connectors.errors import CounterpartError
from jobs.context import Context
from jobs.leased_run import Run
from jobs.output.stage import stage
from reconciler.idle.first_use import watched_grants
from reconciler.idle.watch import continued, read_from


def watch_sign_ins(context: Context, run: Run, holdings: pd.DataFrame) -> str:
    """Keeps who signed in since the last run, and who holds which set now (`frames.HOLDINGS`).

    Returns why sign-ins are not known up to now, or "". Nothing but who is idle depends on them, so
    what is wrong with them stops nothing else.
    """
    directory = context.settings.directory
    if isinstance(directory, DirectoryFile) or not directory.sign_ins:
        return "`directory.sign_ins` is not set"
    from connectors.entra.client import Entra

    application, now = str(directory.enterprise_app), context.clock()
    with context.store.transaction(run.id) as tx:
        watch = tx.seat_use.watch()
        tx.seat_use.held(holdings, now)
    with stage("read_sign_ins", "Reading sign-ins") as reading:
        try:
            since = read_from(watch, application, now)
            read = Entra(directory).read_sign_ins(application, since, now)
        except CounterpartError as error:
            reading.count(because=str(error))
            return str(error)
        watch, because = continued(watch, application, read)
        reading.count(sign_ins=len(read.sign_ins), because=because)
    with context.store.transaction(run.id) as tx:
        tx.seat_use.signed_in(read.sign_ins)
        tx.seat_use.keep_watch(watch)
        if watch:
            done = [(deed.operation, deed.ended) for deed in tx.run_operations.done_since(since)]
            changed = watched_grants(tx.seat_use.grant_uses(), done, read.sign_ins, watch.since)
            tx.seat_use.keep_grant_uses(list(changed), watch.since)
    return because
