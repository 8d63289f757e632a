"""The tenants of a fleet, whose stores are in one PostgreSQL database."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from connectors.store.database import open_database, open_engine
from connectors.store.errors import LeaseHeld, TenantExists, TenantNotFound
from connectors.store.fleet_plans import FleetPlans
from connectors.store.row_security import bypassed, enforce, see, seen_by
from connectors.store.schema import (
    Utc,
    fleet_plans,
    identity,
    lease,
    metadata,
    runs,
    server_failures,
)
from connectors.store.server_outages import ServerOutages
from connectors.store.store import Store
from reconciler.model.fleet import Outage, Stop

_IN_ONE_GO = 1_000
"""Rows that are copied at a time."""


@dataclass(frozen=True)
class Tenant:
    """One of a fleet, and its newest run; None of what there is not yet.

    `tenant_id` is its directory's and `vendor` the vendor's name, since there is a plan. `paused`:
    since when.
    """

    name: str
    tenant_id: str | None
    vendor: str | None
    paused: datetime | None
    run: str | None
    kind: str | None
    started: datetime | None
    exit_code: int | None


@dataclass(frozen=True)
class Turn:
    """What the database knows of a tenant's turn: `pair` is its store's id.

    `paused`: since when it has none. `queued`: when its timetable put a run into the queue last.
    """

    name: str
    pair: str
    paused: datetime | None
    queued: datetime | None


@dataclass(frozen=True)
class Job:
    """A run in the queue: `status` is the queue's (todo, doing, failed), `since` when."""

    status: str
    since: datetime


_JOBS = text(
    "SELECT DISTINCT ON (job.lock) job.lock, job.status::text, timezone('utc', event.at) AS since "
    "FROM job_queue.procrastinate_jobs AS job "
    "JOIN job_queue.procrastinate_events AS event ON event.job_id = job.id "
    "WHERE job.lock IS NOT NULL ORDER BY job.lock, job.id DESC, event.id DESC"
).columns(since=Utc)
"""The newest of each tenant, in the tables of Procrastinate (`connectors.job_queue`)."""


class Tenants:
    """An open database of a fleet. Everything raises `Unavailable` where the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Tenant, ...]:
        """By name. Each is looked at alone, as everything else looks at it."""
        named = select(*identity.c["id", "name", "tenant_id", "vendor", "paused"])
        named = named.where(identity.c.name != "").order_by(identity.c.name)
        newest = select(*runs.c["id", "kind", "started", "exit_code"])
        newest = newest.order_by(runs.c.started.desc()).limit(1)
        found = []
        with self._engine.begin() as connection:
            for pair, *whose in connection.execute(named).all():
                see(connection, pair)
                run = connection.execute(newest.where(runs.c.pair == pair)).one_or_none()
                found.append(Tenant(*whose, *(run or (None,) * 4)))
        return tuple(found)

    def names(self) -> frozenset[str]:
        """Of all."""
        with self._engine.begin() as connection:
            found = connection.execute(select(identity.c.name).where(identity.c.name != ""))
            return frozenset(found.scalars())

    def store(self, name: str) -> Store:
        """The tenant's, over the connections of all; it is closed with them.

        Raises:
            TenantNotFound: see there.
        """
        query = select(identity.c.id).where(identity.c.name == name)
        with self._engine.begin() as connection:
            pair = connection.execute(query).scalar()
        if pair is None:
            why = f"the database has no such tenant; `seatsync fleet add {name}` makes one"
            raise TenantNotFound(f"opening the store of {name}", why)
        return Store(seen_by(self._engine, pair), pair, shared=True)

    def is_paused(self, name: str) -> bool:
        """Whether it has no runs for now."""
        query = select(identity.c.paused).where(identity.c.name == name)
        with self._engine.begin() as connection:
            return connection.execute(query).scalar() is not None

    def turns(self) -> tuple[Turn, ...]:
        """Of all, by name."""
        query = select(*identity.c["name", "id", "paused", "queued"])
        query = query.where(identity.c.name != "").order_by(identity.c.name)
        with self._engine.begin() as connection:
            return tuple(Turn(*row) for row in connection.execute(query))

    def jobs(self) -> dict[str, Job]:
        """The newest of each tenant that has one; none where there is no queue."""
        with self._engine.begin() as connection:
            there = "SELECT to_regclass('job_queue.procrastinate_jobs')"
            if connection.execute(text(there)).scalar() is None:
                return {}
            return {name: Job(*rest) for name, *rest in connection.execute(_JOBS)}

    def queued(self, name: str, at: datetime) -> None:
        """Its timetable has put a run into the queue, or counts from now on."""
        with self._engine.begin() as connection:
            connection.execute(update(identity).where(identity.c.name == name).values(queued=at))

    def pause(self, names: Collection[str], at: datetime) -> None:
        """They have no runs from now on; all of them, or none.

        Raises:
            TenantNotFound: one of them is not in the database.
        """
        self._set(names, "pausing", paused=at)

    def resume(self, names: Collection[str], at: datetime) -> None:
        """Their next runs come on time; what was due meanwhile is not caught up.

        Raises:
            TenantNotFound: one of them is not in the database.
        """
        self._set(names, "resuming", paused=None, queued=at)

    def _set(self, names: Collection[str], doing: str, **values: datetime | None) -> None:
        ours = identity.c.name.in_(names), identity.c.name != ""
        changed = update(identity).where(*ours).values(values).returning(identity.c.name)
        with self._engine.begin() as connection:
            found = connection.execute(changed).scalars()
            if unknown := set(names) - set(found):
                why = "the database has no such tenant"
                raise TenantNotFound(f"{doing} {', '.join(sorted(unknown))}", why)

    def stopped(self) -> Stop | None:
        """Why nothing may be applied for any tenant."""
        with self._engine.begin() as connection:
            return FleetPlans(connection, "").stopped()

    def outages(self) -> list[Outage]:
        """Servers because of which runs of several tenants fail."""
        with self._engine.begin() as connection:
            return ServerOutages(connection, "").all()

    def in_outages(self) -> dict[str, str]:
        """See `ServerOutages.by_tenant`."""
        with self._engine.begin() as connection:
            return ServerOutages(connection, "").by_tenant()

    def resume_applies(self, at: datetime, by: str, reason: str) -> bool:
        """Plans may be applied again; whether they might not."""
        with self._engine.begin() as connection:
            return FleetPlans(connection, "").resume(at, by, reason)

    def add(self, name: str, tenant_id: str) -> bool:
        """A new store of this name; or that of before, where it is this directory's.

        The store of before is the one that the database had when it was a single tenant's. Whether
        it was taken is returned.

        Raises:
            TenantExists: see there.
        """
        with self._engine.begin() as connection:
            _expect_none(connection, name)
            before = identity.c.name == "", identity.c.tenant_id == tenant_id
            taken = connection.execute(update(identity).where(*before).values(name=name)).rowcount
            if not taken:
                connection.execute(insert(identity).values(id=str(uuid4()), name=name))
            enforce(connection)
        return bool(taken)

    def add_copy(self, name: str, url: str) -> None:
        """A tenant whose store is a copy of another database's, which stays as it is.

        Its id stays the same, for plans and audit trail refer to it.

        Raises:
            TenantExists: see there.
            LeaseHeld: a run is at work there.
        """
        source = open_database(url)
        try:
            with (
                source.lease("copy"),
                source.engine.begin() as there,
                self._engine.begin() as here,
            ):
                _expect_none(here, name)
                if here.execute(select(identity).where(identity.c.id == source.pair)).first():
                    raise TenantExists(f"adding {name}", "a copy of that store is here already")
                enforce(here)
                see(here, source.pair)
                _copy(source, there, here, name)
        finally:
            source.close()

    def remove(self, name: str) -> None:
        """All that is known of a tenant.

        Raises:
            TenantNotFound: see there.
            LeaseHeld: a run is at work on it.
        """
        with self._engine.begin() as connection:
            pair = connection.execute(select(identity.c.id).where(identity.c.name == name)).scalar()
            if pair is None:
                raise TenantNotFound(f"removing {name}", "the database has no such tenant")
            see(connection, pair)
            owner = connection.execute(select(lease).where(lease.c.pair == pair)).one_or_none()
            if owner:
                raise LeaseHeld(owner.run_id, owner.host, owner.pid, owner.since)
            for table in reversed(metadata.sorted_tables):
                if "pair" in table.c:
                    connection.execute(delete(table).where(table.c.pair == pair))
            for table in (fleet_plans, server_failures):
                connection.execute(delete(table).where(table.c.tenant == pair))
            connection.execute(delete(identity).where(identity.c.id == pair))

    def kept_apart(self) -> bool:
        """Whether this user of the database, too, sees one tenant at a time (`row_security`)."""
        with self._engine.begin() as connection:
            return not bypassed(connection)


@contextmanager
def open_tenants(url: str) -> Iterator[Tenants]:
    """The fleet of a PostgreSQL database.

    Raises:
        Unavailable: see `connectors.store.database.open_database`.
    """
    engine = open_engine(url)
    try:
        yield Tenants(engine)
    finally:
        engine.dispose()


def _expect_none(connection: Connection, name: str) -> None:
    if connection.execute(select(identity).where(identity.c.name == name)).first():
        raise TenantExists(f"adding {name}", "the fleet has a tenant of this name")


def _copy(source: Store, there: Connection, here: Connection, name: str) -> None:
    whose = there.execute(select(identity).where(identity.c.id == source.pair)).one()
    here.execute(insert(identity).values({**whose._asdict(), "name": name}))
    for table in metadata.sorted_tables:
        if table is lease or "pair" not in table.c:
            continue
        # A number that the database gives is given anew; the order stays.
        numbered = table.autoincrement_column
        columns = [column for column in table.c if column is not numbered]
        query = select(*columns).where(table.c.pair == source.pair).order_by(*table.primary_key)
        for rows in there.execute(query).mappings().partitions(_IN_ONE_GO):
            here.execute(insert(table), [dict(row) for row in rows])
