"""What earlier runs learned: links and waits. Losing it loses no seat."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select

from connectors.store.journal import lost_since
from connectors.store.plans import plans_made
from connectors.store.schema import identity, links, waits
from reconciler.model import frames
from reconciler.model.snapshot import Memory

WEEK = timedelta(days=7)


def memory(engine: Engine, now: datetime) -> Memory:
    """As the reconciler takes it at this time."""
    with engine.begin() as connection:
        store_id = connection.execute(select(identity.c.id)).scalar_one()
        linked = connection.execute(select(links.c.object_id, links.c.account)).all()
        waiting = connection.execute(select(waits)).all()
    return Memory(
        store_id=store_id,
        run=plans_made(engine) + 1,
        lost_this_week=lost_since(engine, now - WEEK),
        links=frames.frame(
            frames.LINKS, ({"id": row.object_id, "account": row.account} for row in linked)
        ),
        waits=frames.frame(
            frames.WAITS,
            (
                {"id": row.object_id, "set": row.set_name, "since_run": row.since_run}
                for row in waiting
            ),
        ),
    )


def link(engine: Engine, accounts: Mapping[str, str], now: datetime) -> None:
    """Notes which account (SCIM id) belongs to which Entra user (object id)."""
    with engine.begin() as connection:
        connection.execute(delete(links).where(links.c.object_id.in_(accounts)))
        connection.execute(
            insert(links),
            [{"object_id": user, "account": at, "since": now} for user, at in accounts.items()],
        )
