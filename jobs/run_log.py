"""One run: it holds the lease, and the history says how it ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from connectors.store.history import begin_run, end_run
from connectors.store.lease import held_lease
from jobs.context import Context, new_id
from jobs.exits import Exit


@dataclass
class Run:
    """A run under way; the job sets how it ended."""

    id: str
    exit_code: Exit = Exit.FAILED
    summary: str = "interrupted"


@contextmanager
def recorded(context: Context, kind: str) -> Iterator[Run]:
    """A run of this kind, alone at work and in the history.

    Raises:
        connectors.store.errors.LeaseHeld: another run is at work; nothing was recorded.
    """
    run = Run(new_id())
    with held_lease(context.store, run.id):
        begin_run(context.store, run.id, kind, context.clock())
        try:
            yield run
        except Exception as error:
            run.summary = str(error)
            raise
        finally:
            end_run(context.store, run.id, context.clock(), run.exit_code, run.summary)
