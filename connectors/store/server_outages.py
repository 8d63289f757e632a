"""Servers because of which runs of several tenants of a fleet failed.

Every transaction sees all rows of these tables; there is nobody's name in them but the servers'.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from connectors.store.schema import server_failures, server_outages
from connectors.store.transaction_part import TransactionPart
from reconciler.model.fleet import Outage

_IS_OF_OUTAGE = server_failures.c.server == server_outages.c.server


class ServerOutages(TransactionPart):
    """As a tenant of a fleet knows them, whose database is always PostgreSQL."""

    def failed(self, server: str, at: datetime) -> None:
        """The newest run of this tenant, because of the server."""
        row = {"server": server, "at": at}
        self._connection.execute(
            insert(server_failures)
            .values(tenant=self._pair, told=False, **row)
            .on_conflict_do_update(index_elements=[server_failures.c.tenant], set_=row)
        )

    def told(self) -> None:
        """This tenant told of a failure itself, of a server or another one."""
        ours = update(server_failures).where(server_failures.c.tenant == self._pair)
        self._connection.execute(ours.values(told=True))

    def went_well(self) -> bool:
        """The newest run of this tenant did; whether those before failed and it told of none."""
        ours = delete(server_failures).where(server_failures.c.tenant == self._pair)
        return self._connection.execute(ours.returning(server_failures.c.told)).scalar() is False

    def failing(self, server: str, since: datetime) -> int:
        """Tenants whose newest run failed because of the server, since then."""
        query = select(func.count()).where(
            server_failures.c.server == server, server_failures.c.at >= since
        )
        return int(self._connection.execute(query).scalar_one())

    def begin(self, server: str, at: datetime) -> bool:
        """Of several tenants that find out at the same time, one is told that it began it."""
        row = {"server": server, "since": at}
        begun = insert(server_outages).values(row).on_conflict_do_nothing()
        return self._connection.execute(begun.returning(server_outages)).first() is not None

    def end(self, server: str) -> bool:
        """Whether there was one; of several tenants, one is told so."""
        ended = delete(server_outages).where(server_outages.c.server == server)
        return bool(self._connection.execute(ended).rowcount)

    def of(self, server: str) -> Outage | None:
        """The server's, if it has not ended."""
        return next((outage for outage in self.all() if outage.server == server), None)

    def by_tenant(self) -> dict[str, str]:
        """The server of the outage by which a tenant's newest run failed, by its store's id."""
        query = select(*server_failures.c["tenant", "server"]).where(_IS_OF_OUTAGE)
        return {str(tenant): server for tenant, server in self._connection.execute(query)}

    def all(self) -> list[Outage]:
        """Those that have not ended, the oldest first."""
        tenants = select(func.count()).where(_IS_OF_OUTAGE).scalar_subquery()
        query = select(server_outages.c.server, server_outages.c.since, tenants)
        rows = self._connection.execute(query.order_by(server_outages.c.since))
        return [Outage(*row) for row in rows]
