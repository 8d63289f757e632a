"""One run: it holds the lease, and the history says how it ended."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import monotonic

from connectors.store.errors import StoreError
from connectors.store.fence import Fence
from jobs.context import Context, new_id
from jobs.monitoring.telemetry import report_telemetry, telemetry_wanted
from jobs.output.console import Facts, event, events_of, say
from jobs.output.exit_codes import Exit
from jobs.output.failures import BrokenOff, exit_code_of, in_plain_words
from jobs.run_history.kinds_and_ends import INTERRUPTED


@dataclass
class Run:
    """A run under way; the job sets how it ended. Its `fence` says whether it may still send.

    `sent`: something that may have changed the vendor has been sent.
    """

    id: str
    fence: Fence
    exit_code: Exit = Exit.FAILED
    summary: str = INTERRUPTED
    sent: bool = False

    def objection(self) -> str:
        """Asked directly before each write to the vendor: why it must not go out, or nothing."""
        why = self.fence.objection()
        self.sent = self.sent or not why
        return why


@contextmanager
def recorded(context: Context, kind: str) -> Iterator[Run]:
    """A run of this kind, alone at work and in the history.

    Raises:
        connectors.store.errors.LeaseHeld: another run is at work; nothing was recorded.
        BrokenOff: it ended by an error, after it had sent something.
    """
    run_id, held = new_id(), ExitStack()
    run = Run(run_id, held.enter_context(context.store.lease(run_id)))
    events, began = held.enter_context(events_of(run.id)), monotonic()
    event("begin_run", kind=kind)
    try:
        with context.store.transaction(run.id) as tx:
            tx.runs.begin(run.id, kind, context.clock())
        yield run
    except KeyboardInterrupt:
        if not run.sent:
            raise
        run.exit_code = Exit.PARTIAL
        raise SystemExit(int(Exit.PARTIAL)) from None
    except Exception as error:
        run.summary = in_plain_words(error)
        run.exit_code = Exit.PARTIAL if run.sent else exit_code_of(error)
        if not run.sent:
            raise
        raise BrokenOff(run.id, error) from error
    finally:
        stages = tuple(events)
        seconds = round(monotonic() - began, 3)
        event(
            "end_run", kind=kind, exit_code=int(run.exit_code), **_counts(stages), seconds=seconds
        )
        _end(context, run, held, stages)
        if telemetry_wanted():
            report_telemetry(context, kind, events)


COUNTED = ("operations", "findings", "objections", "done", "failed", "unknown")
"""Of what the stages counted, what the run came to."""


def _counts(stages: Iterable[Facts]) -> dict[str, object]:
    return {name: stage[name] for stage in stages for name in COUNTED if name in stage}


def _end(context: Context, run: Run, held: ExitStack, stages: Sequence[Facts]) -> None:
    """What a run has done stands, even where the store cannot record it."""
    try:
        with held, context.store.transaction() as tx:
            tx.runs.end(run.id, context.clock(), run.exit_code, run.summary)
    except StoreError as error:
        say(f"{error}. The end of run {run.id} could not be recorded.")
    if context.settings.metrics:
        from jobs.monitoring.metrics import write_metrics

        write_metrics(context, context.settings.metrics, stages)
