"""What the executor asks of a vendor: a port, so that it knows neither SCIM nor HTTP."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from reconciler.model.account import Account, Members
from reconciler.model.capabilities import Capabilities

Attributes = Mapping[str, str | bool | None]
"""Desired values by SCIM path, None for none."""


class AttributeHabits(Protocol):
    """What was seen of attributes that the vendor keeps in its own way."""

    @property
    def required(self) -> frozenset[str]:
        """The paths of attributes without which the vendor creates no account."""

    def is_fixed(self, path: str) -> bool:
        """Whether the vendor never changes this attribute of an account that exists."""

    def differing(self, asked: Attributes, kept: Mapping[str, str | None]) -> tuple[str, ...]:
        """The paths whose values are not as asked for, other than by the vendor's known spelling.

        New spellings are learned from it.
        """

    def ignored(self, path: str) -> None:
        """Notes that a change was accepted, but the value is not the one that was asked for."""


class Vendor(Protocol):
    """A vendor's accounts and the groups of sets; `can` is what is known of its server.

    Groups and accounts are named by the vendor's own ids. Every method may raise
    `connectors.errors.Unreachable`, `Unauthorized` and `Refused`; those that write also `NotSent`
    and `OutcomeUnknown`, after which only reading shows what happened. Several threads call them.
    """

    can: Capabilities

    @property
    def habits(self) -> AttributeHabits:
        """What was seen of attributes."""

    @property
    def time_left(self) -> float:
        """Seconds in which it may be asked."""

    @property
    def has_groups(self) -> bool:
        """Whether its sets are groups, and not an attribute of the user."""

    @property
    def moves_many(self) -> bool:
        """Whether `move` may be asked for several accounts at once."""

    def account(self, account_id: str) -> Account | None:
        """One account, None if there is none."""

    def find(self, external_id: str, user_name: str) -> tuple[Account, ...]:
        """Accounts with this externalId (exactly) or userName (in any case)."""

    def create_account(self, attributes: Attributes) -> str | None:
        """Creates an account; its id, None if the answer has none."""

    def update_account(self, account_id: str, attributes: Attributes) -> bool:
        """Changes exactly these attributes; True if the account was read back and is as asked."""

    def create_set_group(self, name: str, members: Sequence[str] = ()) -> str | None:
        """Creates a set's group with these accounts; its id, None if the answer has none."""

    def group_name(self, group_id: str) -> str | None:
        """What the vendor calls a group, None if it is not there."""

    def groups_named(self, name: str) -> tuple[str, ...]:
        """The ids of the groups with exactly this name."""

    def members_of(
        self, group_ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        """Who is in each of these groups: everybody, or of these `accounts` at least."""

    def hides(self, members: Members) -> bool:
        """Whether others may be in a group that shows these members."""

    def learn_from_absence(self, group_id: str, members: Members, account: str) -> None:
        """Notes that the vendor accepted an account into a group that does not show it."""

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        """Takes accounts out of the `lost` groups, then puts them into the `gained` ones.

        Both map groups' ids to the members as they have just been read. True if all the groups were
        read afterwards and are as asked; False if that is not known yet.
        """

    def add_member(self, group_id: str, account_id: str) -> None:
        """Adds one member, unless it is there."""

    def says_no_seat(self, answer: Exception | None, names: Iterable[str]) -> bool:
        """Whether this answer says that there is no seat. `names` of users and groups in it are
        ignored: they may have words that sound like it.
        """
