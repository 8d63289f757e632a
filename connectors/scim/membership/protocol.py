"""How a vendor keeps that an account holds a set: callers need not know which way it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from connectors.scim.reading.account_columns import AccountColumns
from connectors.scim.reading.previously_seen import Known
from reconciler.model.account import Members


@dataclass(frozen=True)
class Held:
    """Which sets there are, and who holds them; `because` says what could not be read, or "".

    `groups` maps a set's name to the ids of its groups. `holdings` has per row a set's name and an
    account (`frames.HOLDINGS`), `others` likewise for all other groups. `unread` are the names of
    those whose members could not be read. `vendor_names` maps a set's name to the one that the
    vendor gave its group, `pending` are names of sets whose group is not visible yet;
    `hiding_members` may have more holders than they show.
    """

    groups: dict[str, tuple[str, ...]]
    holdings: pa.Table
    others: pa.Table
    unread: tuple[str, ...] = ()
    because: str = ""
    vendor_names: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()
    hiding_members: tuple[str, ...] = ()


class Membership(Protocol):
    """Sets as the vendor keeps them; each has an id, which only these methods understand."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The SCIM paths of users that tell of their sets."""

    @property
    def batches(self) -> bool:
        """Whether several accounts may be moved by one request."""

    def held(self, accounts: AccountColumns, sets: Collection[str], known: Known) -> Held:
        """Which of these accounts hold which sets, as far as it can be read."""

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Per name the ids of the sets with exactly this name."""

    def members(
        self, ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        """Per id of a set its holders: all, or at least those of these `accounts`."""

    def hides(self, members: Members) -> bool:
        """Whether others may be in a set that shows these members."""

    def learn_from_absence(self, set_id: str, members: Members, account: str) -> None:
        """Notes that the vendor accepted an account into a set that shows only these members.

        More may be missing: `hides` says so from then on.
        """

    def create(self, name: str, members: Sequence[str] = ()) -> str | None:
        """Creates a set with these accounts; its id, None if the vendor does not say it."""

    def name_of(self, group_id: str) -> str | None:
        """What the vendor calls the set, None if it is not there."""

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        """Takes the accounts out of the `lost` sets and puts them into the `gained` ones.

        Both map the ids of sets to their members as they have just been read: members are not added
        again, since some servers would store them twice. True if it was read afterwards that all is
        as asked.
        """
