"""Plans, approvals and journal against the audit trail, both ways: what one of them alone tells.

The trail tells of plans from the first one on whose making it has; what was planned before is not
compared. Where a purge took the names, everything else is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Row, select

from connectors.store.approvals import Approvals, telling
from connectors.store.audit import APPLY, APPROVAL, OPERATION, PLAN, AuditTrail, Record
from connectors.store.audit_chain import PURGE
from connectors.store.journal import entry_id
from connectors.store.journal import telling as told_of_entry
from connectors.store.plans import PURGED, making, using
from connectors.store.schema import journal, plans
from connectors.store.transaction_part import TransactionPart
from reconciler.model.plan import Operation, digest, parse


class _Trail:
    """The records per event and plan; whose names may be gone, and which plans are told at all."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.purged_before = datetime.min.replace(tzinfo=UTC)
        self.made: dict[str, Record] = {}
        self._of: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in records:
            if record.event == PURGE:
                before = datetime.fromisoformat(record.facts["before"]).replace(tzinfo=UTC)
                self.purged_before = max(self.purged_before, before)
            elif record.event == PLAN:
                self.made[record.facts["plan"]] = record
            elif record.event in {APPROVAL, APPLY, OPERATION}:
                self._of[record.event, record.facts["plan"]].append(record)

    def of(self, event: str, plan: str) -> list[Record]:
        return self._of.get((event, plan), [])

    @property
    def plans(self) -> frozenset[str]:
        return frozenset([*self.made, *(plan for _, plan in self._of)])

    @property
    def first(self) -> float:
        """The number of the first plan for everybody whose making is told."""
        numbers = (record.facts["number"] for record in self.made.values())
        return min((number for number in numbers if number > 0), default=float("inf"))


class Agreement(TransactionPart):
    """Both, side by side."""

    def disagreements(self) -> Iterator[str]:
        """In words; nothing if they agree."""
        columns = [column for column in plans.c if column is not plans.c.body]
        trail = _Trail(AuditTrail(self._connection, self._pair).all())
        query = select(*columns).where(self._ours(plans)).order_by(plans.c.number)
        kept = self._connection.execute(query).all()
        for gone in sorted(trail.plans.difference(row.id for row in kept)):
            yield f"plan {gone} is in the trail, and not in the store"
        for row in kept:
            if made := trail.made.get(row.id):
                yield from self._plan(trail, row, made)
            elif row.number < 0 or row.number >= trail.first:  # older ones were told of nowhere
                yield f"plan {row.id} is in the store, and the trail does not tell that it was made"

    def _plan(self, trail: _Trail, row: Row[Any], made: Record) -> Iterator[str]:
        body = self._connection.execute(
            select(plans.c.body).where(self._ours(plans), plans.c.id == row.id)
        ).scalar_one()
        facts = making(row.id, row.number, row.digest)
        purged = body == PURGED
        if (made.at, made.facts) != (row.planned_at, facts):
            yield f"plan {row.id} is not the one that was made, says record {made.number}"
        if purged and row.planned_at >= trail.purged_before:
            yield f"the content of plan {row.id} is gone, and no purge took it"
        elif not purged and digest(body) != made.facts["digest"]:
            yield f"the content of plan {row.id} was changed"
        yield from self._approvals(trail, row.id, purged)
        yield from _use(trail, row, made.facts["digest"])
        yield from self._journal(trail, made, {} if purged else _operations(body))

    def _approvals(self, trail: _Trail, plan: str, purged: bool) -> Iterator[str]:
        told = trail.of(APPROVAL, plan).copy()
        for given in Approvals(self._connection, self._pair).of(plan):
            facts, personal = telling(given)
            for record in told:
                same = (record.at, record.facts) == (given.at, facts)
                if same and (purged or record.personal in (None, personal)):
                    told.remove(record)
                    break
            else:
                by = f"the approval of plan {plan} by {given.by} at {given.at:%Y-%m-%d %H:%M} UTC"
                yield f"{by} is in the store, and not in the trail"
        for record in told:
            yield f"the approval of plan {plan} in record {record.number} is not in the store"

    def _journal(self, trail: _Trail, made: Record, planned: dict[int, Operation]) -> Iterator[str]:
        plan = made.facts["plan"]
        told = {record.facts["index"]: record for record in trail.of(OPERATION, plan)}
        runs = {record.facts["run"] for record in trail.of(APPLY, plan)}
        query = select(journal).where(self._ours(journal), journal.c.plan_id == plan)
        for entry in self._connection.execute(query.order_by(journal.c.index)):
            index = entry._mapping[journal.c.index]  # noqa: SLF001 - public, says SQLAlchemy
            record, what = told.pop(index, None), f"operation {index} of plan {plan}"
            if entry.run_id not in runs or (entry.ended and not record):
                yield f"{what} is in the journal, and not in the trail"
            elif record and not _same(entry, record, trail.purged_before):
                yield f"{what} is not in the journal as record {record.number} tells it"
            elif entry.id != entry_id(made.facts["digest"], index) or (
                planned and entry.intent and not _is(entry.intent, planned.get(index))
            ):
                yield f"{what} is not in the journal as it is in the plan"
        for index, record in told.items():
            what = f"operation {index} of plan {plan}"
            yield f"{what} is in record {record.number}, and not in the journal"


def _use(trail: _Trail, row: Row[Any], digest: str) -> Iterator[str]:
    told = trail.of(APPLY, row.id)
    recorded = [(record.at, record.facts) for record in told]
    kept = [(row.used_at, using(row.id, digest, row.used_by))] if row.used_by else []
    if kept != recorded:
        runs = ", ".join(f"run {record.facts['run']}" for record in told) or "no run"
        yield f"plan {row.id} was applied by {runs}, says the trail, and by {row.used_by or 'none'}"


def _operations(body: bytes) -> dict[int, Operation]:
    """Per index; none of a plan that cannot be read, which is told."""
    try:
        return {operation.index: operation for operation in parse(body).operations}
    except ValueError:
        return {}


def _same(entry: Row[Any], record: Record, purged_before: datetime) -> bool:
    facts, personal = told_of_entry(entry, record.facts["digest"])
    nameless = record.personal is None or (not entry.intent and entry.begun < purged_before)
    return (record.at, record.facts) == (entry.ended, facts) and (
        nameless or personal.items() <= (record.personal or {}).items()
    )


def _is(intent: object, planned: Operation | None) -> bool:
    """Whether it is the plan's; an account that the plan did not know stands in the journal."""
    try:
        begun = msgspec.convert(intent, Operation)
    except msgspec.ValidationError:
        return False
    if planned and planned.account is None:
        begun = msgspec.structs.replace(begun, account=None)
    return begun == planned
