"""What earlier plans learned. Losing it loses no seat."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import pandas as pd
from sqlalchemy import Column, Row, Table, bindparam, delete, insert, select, update

from connectors.store.plans import Plans
from connectors.store.query_columns import columns_of
from connectors.store.schema import identity, leavers, links, named, seats, sets, waits
from connectors.store.transaction_part import TransactionPart
from reconciler.columns import frames
from reconciler.model.known_sets import KnownSeats, KnownSet
from reconciler.model.snapshot import Memory, MemoryUpdate


class KeptMemory(TransactionPart):
    """What the newest plan left, and whose accounts are whose."""

    def load(self) -> Memory:
        """All of it; `reconciler.history` adds what follows from the journal."""
        execute = self._connection.execute
        whose = execute(select(identity).where(identity.c.id == self._pair)).one()
        meant = select(named).where(self._ours(named)).order_by(named.c.name, named.c.object_id)
        return Memory(
            store_id=whose.id,
            tenant_id=whose.tenant_id or "",
            vendor=whose.vendor or "",
            began=whose.began,
            run=Plans(self._connection, self._pair).newest_number() + 1,
            sets={
                row.name: KnownSet(
                    tuple(row.definition["products"]),
                    row.definition["admin"],
                    row.group_id,
                    tuple(row.vendor_groups or ()),
                    row.vendor_name or "",
                    row.vendor_unseen,
                )
                for row in self._all(sets)
            },
            seats={
                row.product: KnownSeats(row.purchased, row.used, row.as_of, row.unseen)
                for row in self._all(seats)
            },
            named={
                name: tuple(row.object_id for row in rows)
                for name, rows in groupby(execute(meant), key=attrgetter("name"))
            },
            links=self._frame(links, frames.LINKS, id=links.c.object_id, account=links.c.account),
            leavers=self._frame(
                leavers, frames.LEAVERS, id=leavers.c.object_id, since=leavers.c.since
            ),
            waits=self._frame(
                waits,
                frames.WAITS,
                id=waits.c.object_id,
                set=waits.c.set_name,
                since_run=waits.c.since_run,
            ),
        )

    def save(self, knowledge: MemoryUpdate, now: datetime) -> None:
        """Keeps what a plan leaves for the next; sets that nobody needs any more are forgotten."""
        self._note_whose(knowledge, now)
        self._connection.execute(
            delete(sets).where(self._ours(sets), sets.c.name.not_in(list(knowledge.sets)))
        )
        for name, known in knowledge.sets.items():
            self._connection.execute(
                update(sets)
                .where(self._ours(sets), sets.c.name == name)
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
        if not accounts:
            return
        self._connection.execute(
            delete(links).where(self._ours(links), links.c.object_id == bindparam("old")),
            [{"old": user} for user in accounts],
        )
        self._add(
            links,
            (
                {"object_id": user, "account": at, "since": now}
                for user, at in sorted(accounts.items())  # as the table is: that is fastest
            ),
        )

    def _note_whose(self, knowledge: MemoryUpdate, now: datetime) -> None:
        ours = update(identity).where(identity.c.id == self._pair)
        if knowledge.held:
            new = identity.c.tenant_id.is_(None)
            self._connection.execute(ours.where(new).values(began=now))
        self._connection.execute(
            ours.values(tenant_id=knowledge.tenant_id, vendor=knowledge.vendor)
        )

    def _all(self, table: Table) -> Iterable[Row[Any]]:
        return self._connection.execute(select(table).where(self._ours(table)))

    def _frame(self, table: Table, schema: frames.Schema, **columns: Column[Any]) -> pd.DataFrame:
        query = select(*(column.label(name) for name, column in columns.items()))
        values = columns_of(self._connection, query.where(self._ours(table)))
        return frames.of_columns(schema, values)

    def _replace(self, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
        """The table has these rows afterwards; what stays as it is, is not written."""
        names = [column.name for column in table.c if column.name != "pair"]
        wanted = {tuple(row[name] for name in names): row for row in rows}
        kept = {tuple(row)[1:] for row in self._all(table)}  # the pair comes first
        keys = [column for column in table.primary_key if column.name in names]
        if gone := [dict(zip(names, values, strict=True)) for values in kept - wanted.keys()]:
            this = (column == bindparam(f"old_{column.name}") for column in keys)
            self._connection.execute(
                delete(table).where(self._ours(table), *this),
                [{f"old_{column.name}": row[column.name] for column in keys} for row in gone],
            )
        self._add(table, (row for values, row in wanted.items() if values not in kept))

    def _add(self, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
        if new := [{"pair": self._pair, **row} for row in rows]:
            self._connection.execute(insert(table), new)
