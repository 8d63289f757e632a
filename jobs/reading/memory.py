"""What earlier runs left for this one to know."""

from dataclasses import replace

from jobs.context import Context
from reconciler.history import with_history
from reconciler.model.gains_and_losses import WEEK
from reconciler.model.history import History
from reconciler.model.snapshot import Memory


def memory(context: Context) -> Memory:
    """What the store remembers, and what follows from the journal at this time."""
    now = context.clock()
    with context.store.transaction() as tx:
        stored = replace(tx.memory.load(), refused=tx.refusals.all())
        journal, latest = tx.journal.in_columns(), tx.journal.done(now - WEEK)
        history = History(journal, latest, tx.exports.newest_first(), tx.seat_use.load().last)
    return with_history(stored, history, now)
