"""What the tenants of a fleet have to know of one another: counts of their plans, and a stop.

Every transaction sees all rows of these tables, and there is nobody's name in them.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_if_free

from connectors.store.schema import fleet_plans, fleet_stops
from connectors.store.transaction_part import TransactionPart
from reconciler.model.fleet import SharedLoss, Stop, UnusualLosses

_IS_OPEN = fleet_stops.c.ended.is_(None)


class FleetPlans(TransactionPart):
    """Of a tenant in a fleet, whose database is always PostgreSQL."""

    def losses(self, since: datetime, until: datetime) -> list[dict[str, int]]:
        """Of each plan of this tenant between these, or before the latest stop ended, the users who
        lose something, by code; older ones are forgotten.
        """
        ours = fleet_plans.c.tenant == self._pair
        self._connection.execute(delete(fleet_plans).where(ours, fleet_plans.c.at < since))
        before = select(fleet_plans.c.losses).where(ours, fleet_plans.c.at < self._resumed(until))
        return [dict(one) for one in self._connection.execute(before).scalars()]

    def add(
        self, plan_id: str, at: datetime, losses: Mapping[str, int], unusual: frozenset[str]
    ) -> None:
        """A plan of this tenant."""
        row = {"tenant": self._pair, "plan_id": plan_id, "at": at, "losses": dict(losses)}
        self._connection.execute(insert(fleet_plans).values(**row, unusual=sorted(unusual)))

    def unusual_losses(self, since: datetime) -> UnusualLosses:
        """In the plans of all tenants since then, and since the latest stop ended."""
        recent = fleet_plans.c.at > self._resumed(since)
        tenant, codes = fleet_plans.c.tenant, func.json_array_elements_text(fleet_plans.c.unusual)
        planned = select(func.count(tenant.distinct())).where(recent)
        lost = select(tenant, codes.label("code")).where(recent).subquery()
        by_code = select(lost.c.code, func.count(lost.c.tenant.distinct())).group_by(lost.c.code)
        return UnusualLosses(
            int(self._connection.execute(planned).scalar_one()),
            {code: int(tenants) for code, tenants in self._connection.execute(by_code)},
        )

    def stop(self, cause: SharedLoss, at: datetime) -> None:
        """Of several tenants that find out at the same time, one does it: the number is its own."""
        number = select(func.count() + 1).select_from(fleet_stops).where(~_IS_OPEN)
        row = {
            "since": at,
            "tripped_by": self._pair,
            "code": cause.code,
            "tenants": cause.tenants,
            "planned": cause.planned,
        }
        self._connection.execute(
            insert_if_free(fleet_stops)
            .values(number=number.scalar_subquery(), **row)
            .on_conflict_do_nothing()
        )

    def stopped(self) -> Stop | None:
        """Why nothing may be applied for any tenant."""
        row = self._connection.execute(select(fleet_stops).where(_IS_OPEN)).one_or_none()
        if row is None:
            return None
        cause = SharedLoss(row.code, row.tenants, row.planned)
        return Stop(row.number, row.since, row.tripped_by, cause)

    def resume(self, at: datetime, by: str, reason: str) -> bool:
        """Plans may be applied again; whether it was stopped."""
        ended = update(fleet_stops).where(_IS_OPEN)
        ended = ended.values(ended=at, ended_by=by, reason=reason)
        return bool(self._connection.execute(ended).rowcount)

    def _resumed(self, at: datetime) -> datetime:
        """When the latest stop ended, if that was later."""
        ended = self._connection.execute(select(func.max(fleet_stops.c.ended))).scalar()
        return max(at, ended) if ended else at
