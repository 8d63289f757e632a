"""What earlier plans learned. Losing it loses no seat."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Engine, bindparam, delete, insert, select, update

from connectors.store.plans import plans_made
from connectors.store.schema import identity, leavers, links, named, seats, sets, waits
from reconciler.columns import frames
from reconciler.model.snapshot import KnownSeats, KnownSet, Memory, MemoryUpdate


def stored_memory(engine: Engine) -> Memory:
    """What earlier plans left; `reconciler.history` adds what follows from the journal."""
    with engine.begin() as connection:
        whose = connection.execute(select(identity)).one()
        known = connection.execute(select(sets)).all()
        counted = connection.execute(select(seats)).all()
        linked = connection.execute(select(links.c.object_id, links.c.account)).all()
        waiting = connection.execute(select(waits)).all()
        meant = connection.execute(select(named).order_by(named.c.name, named.c.object_id)).all()
        left = connection.execute(select(leavers)).all()
    return Memory(
        store_id=whose.id,
        tenant_id=whose.tenant_id or "",
        vendor=whose.vendor or "",
        began=whose.began,
        run=plans_made(engine) + 1,
        sets={
            row.name: KnownSet(
                tuple(row.definition["products"]),
                row.definition["admin"],
                row.group_id,
                tuple(row.vendor_groups or ()),
                row.vendor_name or "",
                row.vendor_unseen,
            )
            for row in known
        },
        seats={
            row.product: KnownSeats(row.purchased, row.used, row.as_of, row.unseen)
            for row in counted
        },
        named={
            name: tuple(row.object_id for row in rows)
            for name, rows in groupby(meant, key=attrgetter("name"))
        },
        links=frames.frame(
            frames.LINKS, ({"id": row.object_id, "account": row.account} for row in linked)
        ),
        leavers=frames.frame(
            frames.LEAVERS, ({"id": row.object_id, "since": row.since} for row in left)
        ),
        waits=frames.frame(
            frames.WAITS,
            (
                {"id": row.object_id, "set": row.set_name, "since_run": row.since_run}
                for row in waiting
            ),
        ),
    )


def remember(engine: Engine, knowledge: MemoryUpdate, now: datetime) -> None:
    """Keeps what a plan leaves for the next one; sets that nobody needs any more are forgotten."""
    with engine.begin() as connection:
        if knowledge.held:
            new = identity.c.tenant_id.is_(None)
            connection.execute(update(identity).where(new).values(began=now))
        connection.execute(
            update(identity).values(tenant_id=knowledge.tenant_id, vendor=knowledge.vendor)
        )
        connection.execute(delete(sets).where(sets.c.name.not_in(list(knowledge.sets))))
        for name, known in knowledge.sets.items():
            connection.execute(
                update(sets)
                .where(sets.c.name == name)
                .values(group_id=known.group_id, vendor_groups=known.vendor_groups)
            )
        connection.execute(seats.delete())
        if knowledge.seats:
            rows = [{"product": name, **asdict(known)} for name, known in knowledge.seats.items()]
            connection.execute(insert(seats), rows)
        for table, learned in ((waits, knowledge.waits), (leavers, knowledge.leavers)):
            connection.execute(table.delete())
            if learned:
                rows = [dict(zip(table.c.keys(), row, strict=True)) for row in learned]
                connection.execute(insert(table), rows)
        connection.execute(named.delete())
        meant = [
            {"name": name, "object_id": user}
            for name, users in knowledge.named.items()
            for user in users
        ]
        if meant:
            connection.execute(insert(named), meant)
    link(engine, knowledge.links, now)


def link(engine: Engine, accounts: Mapping[str, str], now: datetime) -> None:
    """Notes which account (SCIM id) belongs to which Entra user (object id)."""
    rows = [{"object_id": user, "account": at, "since": now} for user, at in accounts.items()]
    if not rows:
        return
    with engine.begin() as connection:
        connection.execute(
            delete(links).where(links.c.object_id == bindparam("old")),
            [{"old": user} for user in accounts],
        )
        connection.execute(insert(links), rows)


def group_made(
    engine: Engine, name: str, group: str, called: str, unseen_since: datetime | None
) -> None:
    """Notes the SCIM group that the vendor made for a set, and what it calls it.

    `unseen_since`: it was accepted then, and is not visible yet.
    """
    made = {"vendor_groups": [group], "vendor_name": called, "vendor_unseen": unseen_since}
    with engine.begin() as connection:
        connection.execute(update(sets).where(sets.c.name == name).values(made))


def await_no_groups(engine: Engine) -> None:
    """None of those that are not visible was made at all."""
    with engine.begin() as connection:
        connection.execute(update(sets).values(vendor_unseen=None))
