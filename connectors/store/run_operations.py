"""What a run did to the vendor, as the journal has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import false, func, select

from connectors.store.errors import RunNotFound
from connectors.store.schema import journal, plans
from connectors.store.transaction_part import TransactionPart
from reconciler.model.plan import Operation

LATEST = "latest"

_TOLD = (journal.c.intent, journal.c.result, journal.c.detail, journal.c.ended)


@dataclass(frozen=True)
class Deed:
    """An operation that took effect, and what was noted about it."""

    operation: Operation
    detail: str
    ended: datetime


class RunOperations(TransactionPart):
    """Operations by the run that did them."""

    def find_run(self, reference: str) -> str:
        """The run of an id, a unique prefix of one, or the last that did something for "latest".

        Raises:
            RunNotFound: none or several fit.
        """
        begun = func.max(journal.c.begun)
        query = select(journal.c.run_id).where(self._ours(journal)).group_by(journal.c.run_id)
        if reference != LATEST:
            run = journal.c.run_id
            query = query.where(
                run.startswith(reference, autoescape=True) if reference else false()
            )
        found = list(self._connection.execute(query.order_by(begun.desc()).limit(6)).scalars())
        used = select(plans.c.used_by).where(self._ours(plans), plans.c.id == reference)
        user = self._connection.execute(used).scalar()
        if not found and user:
            raise RunNotFound(f'"{reference}" is a plan', f"run {user} applied it")
        if not found and reference == LATEST:
            raise RunNotFound("No run has changed anything yet", "there is nothing to take back")
        if not found:
            what = f'No run "{reference}" changed anything'
            raise RunNotFound(what, "`seatsync history` lists all")
        if len(found) > 1 and reference != LATEST:
            raise RunNotFound(f'Several runs begin with "{reference}"', ", ".join(found))
        return str(found[0])

    def done_by(self, run_id: str) -> tuple[Deed, ...]:
        """What took effect of the run's operations, in their order.

        Raises:
            RunNotFound: what it did was purged.
        """
        query = select(*_TOLD)
        query = query.where(self._ours(journal), journal.c.run_id == run_id).order_by(
            journal.c.index
        )
        rows = self._connection.execute(query).all()
        if not all(row.intent for row in rows):
            raise RunNotFound(
                f"reading what run {run_id} did", "it was purged, and nobody knows it"
            )
        return tuple(map(_deed, (row for row in rows if row.result == "done")))

    def done_since(self, at: datetime) -> tuple[Deed, ...]:
        """What took effect after that time, of all runs, in its order; not what was purged."""
        query = select(*_TOLD).where(self._ours(journal), journal.c.result == "done")
        query = query.where(journal.c.ended > at).order_by(journal.c.ended, journal.c.index)
        return tuple(_deed(row) for row in self._connection.execute(query) if row.intent)


def _deed(row: Any) -> Deed:
    return Deed(msgspec.convert(row.intent, Operation), row.detail or "", row.ended)
