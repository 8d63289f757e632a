"""How runs are told apart in the history: by their kind, and by whether they came to their end."""

from connectors.store.runs import RunRecord

RUN = "run"
"""The kind of runs that nobody looks at."""

INTERRUPTED = "interrupted"
"""The summary of a run that a person, or the system, ended before anything was sent."""


def came_to_its_end(run: RunRecord) -> bool:
    """Not so where it was killed or interrupted: that says nothing of how runs go."""
    return run.exit_code is not None and run.summary != INTERRUPTED
