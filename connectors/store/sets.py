"""The guide's table of subscription sets, and the group that the vendor made for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from config.subscription_set import SubscriptionSet
from connectors.store.schema import sets
from connectors.store.transaction_part import TransactionPart


@dataclass(frozen=True)
class SetDates:
    """When a set was first seen in a configuration, and redefined since, and when its members were
    last those of its group; nothing tells whether the vendor's portal gives them seats.
    """

    created: datetime
    modified: datetime | None
    last_synced: datetime | None


class Sets(TransactionPart):
    """Sets by their names."""

    def see(self, defined: Iterable[SubscriptionSet], now: datetime) -> None:
        """Notes configured sets that are new, and those whose definition was changed."""
        rows = self._connection.execute(select(sets).where(self._ours(sets)))
        known = {row.name: row.definition for row in rows}
        for item in defined:
            definition = item.model_dump(mode="json")
            if item.name not in known:
                self._connection.execute(
                    insert(sets).values(
                        pair=self._pair,
                        name=item.name,
                        definition=definition,
                        created=now,
                        modified=now,
                    )
                )
            elif known[item.name] != definition:
                self._connection.execute(
                    update(sets)
                    .where(self._ours(sets), sets.c.name == item.name)
                    .values(definition=definition, modified=now)
                )

    def synced(self, names: Iterable[str], now: datetime) -> None:
        """The vendor's sets of these names equal their groups."""
        self._connection.execute(
            update(sets)
            .where(self._ours(sets), sets.c.name.in_(list(names)))
            .values(last_synced=now)
        )

    def dates(self) -> dict[str, SetDates]:
        """Per set's name."""
        return {
            row.name: SetDates(
                row.created,
                row.modified if row.modified != row.created else None,
                row.last_synced,
            )
            for row in self._connection.execute(select(sets).where(self._ours(sets)))
        }

    def group_made(self, name: str, group: str, called: str, unseen_since: datetime | None) -> None:
        """Notes the SCIM group that the vendor made for a set, and what it calls it.

        `unseen_since`: it was accepted then, and is not visible yet.
        """
        made = {"vendor_groups": [group], "vendor_name": called, "vendor_unseen": unseen_since}
        ours = self._ours(sets) & (sets.c.name == name)
        self._connection.execute(update(sets).where(ours).values(made))

    def await_no_groups(self) -> None:
        """None of those that are not visible was made at all."""
        self._connection.execute(update(sets).where(self._ours(sets)).values(vendor_unseen=None))
