"""Purge: personal data of old runs leaves the store and the folder of reports."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jobs.context import Context
from jobs.leased_run import Run
from jobs.output.console import say
from jobs.report.write import report_folder
from reconciler.model.phrasing import Plural


@dataclass(frozen=True)
class Purged:
    """How many plans of `before` there were, and which of their reports could not be removed."""

    plans: int
    before: datetime
    troubles: tuple[str, ...]

    def __str__(self) -> str:
        return f"{Plural(self.plans):plan|plans} made before {self.before:%Y-%m-%d}"


def purge(context: Context, before: datetime, run: Run) -> Purged:
    """Removes what is older than `before`; doing it again removes what was left over.

    Raises:
        connectors.store.errors.StoreError: the store could not be written; see `Purged` for files.
    """
    with context.store.transaction(run.id) as tx:
        plans = tx.personal_data.remove(before, context.clock())
    context.store.compact()
    return Purged(len(plans), before, tuple(_remove_reports(context, plans)))


def purge_by_age(context: Context, run: Run) -> None:
    """What is older than `keep`, if anything is; what is in its way changes nothing of the run."""
    if not (keep := context.settings.keep):
        return
    before = (context.clock() - keep).replace(hour=0, minute=0, second=0, microsecond=0)
    with context.store.transaction() as tx:
        due = tx.plans.kept_before(before)
    if due:
        purged = purge(context, before, run)
        for trouble in (f"Purged {purged}, for `keep` is over.", *purged.troubles):
            say(trouble)


def _remove_reports(context: Context, plans: tuple[str, ...]) -> Iterator[str]:
    for plan in plans:
        folder = report_folder(context.settings, plan)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield f"The reports in {folder} could not be removed: {error.strerror or error}."
