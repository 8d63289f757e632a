"""No transaction sees or writes another tenant's rows, whatever a query forgets.

PostgreSQL sees to it ("Row Security Policies"), from the first tenant that a fleet gets. A store of
one tenant does without: the owner's pg_dump refuses tables whose rows are hidden from it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from connectors.store.schema import metadata
from connectors.store.transaction_settings import with_settings

OWNER = "seatsync.pair"
"""The session's variable that says whose rows are seen."""

_POLICY = "one_tenant"
_GUARDED = text("SELECT tablename FROM pg_policies WHERE policyname = :policy")
_FORCED = text(
    "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity "
    "AND relnamespace = current_schema()::regnamespace"
)
_BYPASSES = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def enforce(connection: Connection) -> None:
    """From now on, of every table with a column `pair`; also for the owner of the tables.

    Where it is so already nothing is altered: that would wait for every run that is at work.
    """
    there, forced = _guarded(connection), set(connection.execute(_FORCED).scalars())
    for table in metadata.sorted_tables:
        if "pair" in table.c and table.name not in forced:
            _alter(connection, table.name, "ENABLE")
            _alter(connection, table.name, "FORCE")
            if table.name not in there:
                connection.execute(
                    text(
                        f"CREATE POLICY {_POLICY} ON {table.name} "
                        f"USING (pair = current_setting('{OWNER}', true))"
                    )
                )


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """For the owner of the tables, who migrates all rows; enforced again afterwards, if it was."""
    guarded = _guarded(connection)
    for table in guarded:
        _alter(connection, table, "NO FORCE")
    yield
    if guarded:
        enforce(connection)


def seen_by(engine: Engine, pair: str) -> Engine:
    """The same database, of which all transactions see these rows alone."""
    return with_settings(engine, {OWNER: pair})


def see(connection: Connection, pair: str) -> None:
    """For the rest of this transaction, these rows alone."""
    connection.execute(text("SELECT set_config(:name, :pair, true)"), {"name": OWNER, "pair": pair})


def bypassed(connection: Connection) -> bool:
    """Whether this user of the database sees all rows: a superuser, or one with BYPASSRLS."""
    return bool(connection.execute(_BYPASSES).scalar())


def _guarded(connection: Connection) -> set[str]:
    if connection.dialect.name != "postgresql":
        return set()
    return set(connection.execute(_GUARDED, {"policy": _POLICY}).scalars())


def _alter(connection: Connection, table: str, how: str) -> None:
    connection.execute(text(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY"))
