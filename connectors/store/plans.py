"""Saved plans: found by id, unique prefix or "latest", and used once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from msgspec import MsgspecError, Struct, json
from sqlalchemy import Select, false, func, insert, select, update

from connectors.store.audit import APPLY, PLAN, AuditTrail
from connectors.store.errors import PlanAltered, PlanNotFound, PlanUsed
from connectors.store.schema import plans
from connectors.store.transaction_part import TransactionPart
from reconciler.model.approval import Use
from reconciler.model.plan import Plan, SeatLine, digest, parse

LATEST = "latest"
PURGED = b""
"""The body of a plan whose content was purged."""

SeatLines = tuple[SeatLine, ...]


class _SeatLines(Struct):
    """Of a plan its seats alone: the rest of what may be long is skipped."""

    seats: SeatLines


class _Undoing(Struct):
    """Of a plan only whether it takes a run back."""

    undoes: str | None = None


@dataclass(frozen=True)
class PlanRecord:
    """A plan's digest, the run that applied it, and the run that it takes back."""

    id: str
    digest: str
    used_by: str | None
    undoes: str | None


class Plans(TransactionPart):
    """Plans by id or number."""

    def add(self, plan: Plan) -> None:
        """Keeps the plan's canonical bytes."""
        facts = making(plan.id, plan.run, plan.digest)
        AuditTrail(self._connection, self._pair).append(plan.basis.planned_at, PLAN, facts, {})
        self._connection.execute(
            insert(plans).values(
                pair=self._pair,
                id=plan.id,
                number=plan.run,
                digest=plan.digest,
                body=plan.canonical,
                planned_at=plan.basis.planned_at,
            )
        )

    def kept_before(self, time: datetime) -> bool:
        """Whether there is a plan of before that time whose content was not purged."""
        query = select(plans.c.id).where(self._ours(plans), plans.c.planned_at < time)
        return (
            self._connection.execute(query.where(plans.c.body != PURGED).limit(1)).one_or_none()
            is not None
        )

    def find(self, reference: str) -> Plan:
        """The plan of an id, a unique prefix of one, a digest, or the newest for "latest".

        That is the newest for everybody: what one for a few users says is not how things stand.

        Raises:
            PlanNotFound: none or several fit, or another version of the program wrote it.
            PlanAltered: its bytes are not those whose digest was recorded.
        """
        query = select(plans.c.id, plans.c.digest, plans.c.body).where(self._ours(plans))
        if reference != LATEST:
            named = plans.c.id.startswith(reference, autoescape=True) if reference else false()
            query = query.where(named | (plans.c.digest == reference))
        found = self._connection.execute(query.order_by(plans.c.number.desc()).limit(6)).all()
        if not found and reference == LATEST:
            raise PlanNotFound("There is no plan yet", "`seatsync plan` makes one")
        if not found:
            raise PlanNotFound(f'There is no plan "{reference}"', "`seatsync history` lists them")
        if len(found) > 1 and reference != LATEST:
            several = ", ".join(row.id for row in found)
            raise PlanNotFound(f'Several plans begin with "{reference}"', several)
        row = found[0]
        if row.body == PURGED:
            raise PlanNotFound(f"Plan {row.id} is not known any more", "its content was purged")
        if digest(row.body) != row.digest:
            raise PlanAltered(row.id, "its content was changed in the store")
        try:
            plan = parse(row.body)
        except ValueError as error:
            why = "another version of seatsync wrote it; make a new one"
            raise PlanNotFound(f"Plan {row.id} cannot be read", why) from error
        if plan.id != row.id:
            raise PlanAltered(row.id, f"plan {plan.id} was put in its place")
        return plan

    def use_of(self, plan_id: str) -> Use | None:
        """By which run the plan was applied, if it was."""
        query = select(plans.c.used_by, plans.c.used_at)
        query = query.where(self._ours(plans), plans.c.id == plan_id)
        row = self._connection.execute(query).one_or_none()
        return Use(row.used_by, row.used_at) if row and row.used_by else None

    def claim(self, plan: Plan, run_id: str, now: datetime) -> None:
        """Marks a plan as used, once and for all; of several who try, one succeeds.

        Raises:
            PlanUsed: it was used before (P6).
            PlanNotFound: it is not in this store.
        """
        claim = (
            update(plans)
            .where(self._ours(plans), plans.c.id == plan.id, plans.c.used_by.is_(None))
            .values(used_by=run_id, used_at=now)
        )
        if not self._connection.execute(claim).rowcount:
            if use := self.use_of(plan.id):
                raise PlanUsed(plan.id, use.run_id, use.at)
            raise PlanNotFound(f"using plan {plan.id}", "it is not in this store")
        facts = using(plan.id, plan.digest, run_id)
        AuditTrail(self._connection, self._pair).append(now, APPLY, facts, {})

    def newest_id(self) -> str:
        """ "" before the first."""
        return self._newest_id(None)

    def id_before(self, number: int) -> str:
        """Of the newest plan for everybody of a lower number, "" for none."""
        return self._newest_id(number)

    def newest_number(self) -> int:
        """Of the plans for everybody; 0 before the first."""
        query = select(func.max(plans.c.number)).where(self._ours(plans))
        return int(self._connection.execute(query).scalar() or 0)

    def next_number_aside(self) -> int:
        """For a plan for a few users alone: these count downwards from -1 (see `Plan.run`)."""
        query = select(func.min(plans.c.number)).where(self._ours(plans), plans.c.number < 0)
        return int(self._connection.execute(query).scalar() or 0) - 1

    def seats_until(
        self, number: int, most: int | None = None
    ) -> tuple[tuple[datetime, SeatLines], ...]:
        """When plans up to this number were made, and the seats that each found, oldest first.

        The newest so many plans for everybody, or all, without those whose content was purged or is
        of another version.
        """
        query = select(plans.c.planned_at, plans.c.body)
        query = query.where(self._ours(plans), plans.c.number.between(1, number))
        query = query.where(plans.c.body != PURGED)
        return self._seats(query.order_by(plans.c.number.desc()).limit(most))

    def seats_by_day(self) -> tuple[tuple[datetime, SeatLines], ...]:
        """Likewise, of every day's last plan for everybody."""
        last = (
            select(func.max(plans.c.number))
            .where(self._ours(plans), plans.c.number > 0, plans.c.body != PURGED)
            .group_by(func.date(plans.c.planned_at))
        )
        query = select(plans.c.planned_at, plans.c.body)
        query = query.where(self._ours(plans), plans.c.number.in_(last))
        return self._seats(query.order_by(plans.c.number.desc()))

    def _seats(
        self, newest_first: Select[tuple[datetime, bytes]]
    ) -> tuple[tuple[datetime, SeatLines], ...]:
        found = []
        for row in self._connection.execute(newest_first):
            with suppress(MsgspecError):
                found.append((row.planned_at, json.decode(row.body, type=_SeatLines).seats))
        return tuple(reversed(found))

    def made_since(self, time: datetime) -> tuple[PlanRecord, ...]:
        """Plans of that time or later, in their order; purged ones take nothing back."""
        query = select(plans.c.id, plans.c.digest, plans.c.used_by, plans.c.body)
        query = query.where(self._ours(plans), plans.c.planned_at >= time)
        return tuple(
            PlanRecord(row.id, row.digest, row.used_by, _undone_by(row.body))
            for row in self._connection.execute(query.order_by(plans.c.number))
        )

    def _newest_id(self, before: int | None) -> str:
        query = select(plans.c.id).where(self._ours(plans), plans.c.number > 0)
        if before is not None:
            query = query.where(plans.c.number < before)
        newest = self._connection.execute(query.order_by(plans.c.number.desc()).limit(1))
        return str(newest.scalar() or "")


def _undone_by(body: bytes) -> str | None:
    with suppress(MsgspecError):
        return json.decode(body, type=_Undoing).undoes
    return None


def making(plan_id: str, number: int, digest: str) -> dict[str, object]:
    """The facts of the record of a plan's making."""
    return {"plan": plan_id, "number": number, "digest": digest}


def using(plan_id: str, digest: str, run_id: str) -> dict[str, object]:
    """The facts of the record of a plan's use."""
    return {"plan": plan_id, "digest": digest, "run": run_id}
