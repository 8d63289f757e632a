"""Purge: personal data of old runs leaves the store and the folder of reports."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jobs.context import Context
from jobs.leased_run import Run
from jobs.output.exit_codes import Exit
from jobs.report.write import report_folder
from reconciler.model.plural import Plural


@dataclass(frozen=True)
class Purged:
    """How many plans there were, and which of their reports could not be removed."""

    plans: int
    troubles: tuple[str, ...]


def purge(context: Context, before: datetime, run: Run) -> Purged:
    """Removes what is older than `before`; doing it again removes what was left over.

    Raises:
        connectors.store.errors.StoreError: the store could not be written; see `Purged` for files.
    """
    with context.store.transaction(run.id) as tx:
        plans = tx.personal_data.remove(before, context.clock())
    context.store.compact()
    troubles = tuple(_remove_reports(context, plans))
    run.exit_code = Exit.PARTIAL if troubles else Exit.OK
    run.summary = f"{Plural(len(plans)):plan|plans} of before {before:%Y-%m-%d}"
    return Purged(len(plans), troubles)


def _remove_reports(context: Context, plans: tuple[str, ...]) -> Iterator[str]:
    for plan in plans:
        folder = report_folder(context.settings, plan)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield f"The reports in {folder} could not be removed: {error.strerror or error}."
