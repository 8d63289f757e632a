"""What earlier runs left for this one to know."""

from connectors.store.exports import recorded_exports
from connectors.store.journal import done_operations, journal_frame
from connectors.store.memory import stored_memory
from jobs.context import Context
from reconciler.history import with_history
from reconciler.model.changes import WEEK
from reconciler.model.history import History
from reconciler.model.snapshot import Memory


def memory(context: Context) -> Memory:
    """What the store remembers, and what follows from the journal at this time."""
    store, now = context.store, context.clock()
    history = History(
        journal_frame(store), done_operations(store, now - WEEK), recorded_exports(store)
    )
    return with_history(stored_memory(store), history, now)
