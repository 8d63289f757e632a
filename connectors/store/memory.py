"""What earlier plans learned. Losing it loses no seat."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Table, bindparam, delete, insert, select, update

from connectors.store.plans import Plans
from connectors.store.rows import Rows
from connectors.store.schema import identity, leavers, links, named, seats, sets, waits
from reconciler.columns import frames
from reconciler.model.known_sets import KnownSeats, KnownSet
from reconciler.model.snapshot import Memory, MemoryUpdate


class KeptMemory(Rows):
    """What the newest plan left, and whose accounts are whose."""

    def load(self) -> Memory:
        """All of it; `reconciler.history` adds what follows from the journal."""
        execute = self._connection.execute
        whose = execute(select(identity)).one()
        meant = execute(select(named).order_by(named.c.name, named.c.object_id))
        return Memory(
            store_id=whose.id,
            tenant_id=whose.tenant_id or "",
            vendor=whose.vendor or "",
            began=whose.began,
            run=Plans(self._connection).newest_number() + 1,
            sets={
                row.name: KnownSet(
                    tuple(row.definition["products"]),
                    row.definition["admin"],
                    row.group_id,
                    tuple(row.vendor_groups or ()),
                    row.vendor_name or "",
                    row.vendor_unseen,
                )
                for row in execute(select(sets))
            },
            seats={
                row.product: KnownSeats(row.purchased, row.used, row.as_of, row.unseen)
                for row in execute(select(seats))
            },
            named={
                name: tuple(row.object_id for row in rows)
                for name, rows in groupby(meant, key=attrgetter("name"))
            },
            links=frames.frame(
                frames.LINKS,
                ({"id": row.object_id, "account": row.account} for row in execute(select(links))),
            ),
            leavers=frames.frame(
                frames.LEAVERS,
                ({"id": row.object_id, "since": row.since} for row in execute(select(leavers))),
            ),
            waits=frames.frame(
                frames.WAITS,
                (
                    {"id": row.object_id, "set": row.set_name, "since_run": row.since_run}
                    for row in execute(select(waits))
                ),
            ),
        )

    def store_id(self) -> str:
        """Which store this is; a plan's basis carries it."""
        return str(self._connection.execute(select(identity.c.id)).scalar_one())

    def save(self, knowledge: MemoryUpdate, now: datetime) -> None:
        """Keeps what a plan leaves for the next; sets that nobody needs any more are forgotten."""
        self._note_whose(knowledge, now)
        self._connection.execute(delete(sets).where(sets.c.name.not_in(list(knowledge.sets))))
        for name, known in knowledge.sets.items():
            self._connection.execute(
                update(sets)
                .where(sets.c.name == name)
                .values(group_id=known.group_id, vendor_groups=known.vendor_groups)
            )
        self._replace(
            seats, ({"product": name, **asdict(known)} for name, known in knowledge.seats.items())
        )
        self._replace(
            waits,
            (
                {"object_id": user, "set_name": name, "since_run": since}
                for user, name, since in knowledge.waits
            ),
        )
        self._replace(
            leavers, ({"object_id": user, "since": since} for user, since in knowledge.leavers)
        )
        self._replace(
            named,
            (
                {"name": name, "object_id": user}
                for name, users in knowledge.named.items()
                for user in users
            ),
        )
        self.link(knowledge.links, now)

    def link(self, accounts: Mapping[str, str], now: datetime) -> None:
        """Notes which account (SCIM id) belongs to which Entra user (object id)."""
        rows = [{"object_id": user, "account": at, "since": now} for user, at in accounts.items()]
        if not rows:
            return
        self._connection.execute(
            delete(links).where(links.c.object_id == bindparam("old")),
            [{"old": user} for user in accounts],
        )
        self._connection.execute(insert(links), rows)

    def _note_whose(self, knowledge: MemoryUpdate, now: datetime) -> None:
        if knowledge.held:
            new = identity.c.tenant_id.is_(None)
            self._connection.execute(update(identity).where(new).values(began=now))
        self._connection.execute(
            update(identity).values(tenant_id=knowledge.tenant_id, vendor=knowledge.vendor)
        )

    def _replace(self, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
        self._connection.execute(delete(table))
        if new := list(rows):
            self._connection.execute(insert(table), new)
