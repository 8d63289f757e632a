"""The tenants of a fleet, whose stores are in one PostgreSQL database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, insert, select, update

from connectors.store.database import open_database, open_engine
from connectors.store.errors import LeaseHeld, TenantExists, TenantNotFound
from connectors.store.row_security import bypassed, enforce, see
from connectors.store.schema import identity, lease, metadata, runs
from connectors.store.store import Store

_IN_ONE_GO = 1_000
"""Rows that are copied at a time."""


@dataclass(frozen=True)
class Tenant:
    """One of a fleet, and its newest run; None of what there is not yet.

    `tenant_id` is its directory's and `vendor` the vendor's name, since there is a plan.
    """

    name: str
    tenant_id: str | None
    vendor: str | None
    run: str | None
    kind: str | None
    started: datetime | None
    exit_code: int | None


class Tenants:
    """An open database of a fleet. Everything raises `Unavailable` where the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Tenant, ...]:
        """By name. Each is looked at alone, as everything else looks at it."""
        named = select(*identity.c["id", "name", "tenant_id", "vendor"])
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
        if table in (identity, lease):
            continue
        # A number that the database gives is given anew; the order stays.
        numbered = table.autoincrement_column
        columns = [column for column in table.c if column is not numbered]
        query = select(*columns).where(table.c.pair == source.pair).order_by(*table.primary_key)
        for rows in there.execute(query).mappings().partitions(_IN_ONE_GO):
            here.execute(insert(table), [dict(row) for row in rows])
