"""What the executor asks of a vendor: the port behind which SCIM, or anything else, may stand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from reconciler.model.account import Account, Members
from reconciler.model.capabilities import Capabilities

Attributes = Mapping[str, str | bool]
"""Desired values by SCIM path."""


class AttributeHabits(Protocol):
    """What was seen of attributes that the vendor keeps its own way."""

    @property
    def required(self) -> frozenset[str]:
        """The paths of attributes without which the vendor makes no account."""

    def is_fixed(self, path: str) -> bool:
        """Whether it is in vain to send this attribute of an account that exists."""

    def differing(self, asked: Attributes, kept: Mapping[str, str | None]) -> tuple[str, ...]:
        """The paths whose values are not what was asked for, after what was seen of spellings."""

    def ignored(self, path: str) -> None:
        """A change was accepted, and the value is not the one that was asked for."""


class Vendor(Protocol):
    """A vendor's accounts and the groups that are its sets; `can` is what is known of it.

    Groups and accounts are named by ids of the vendor's own. Every method may raise
    `connectors.errors.Unreachable`, `Unauthorized` and `Refused`; those that write also `NotSent`
    and `OutcomeUnknown`, after which only reading shows what happened. Several threads call them.
    """

    can: Capabilities

    @property
    def habits(self) -> AttributeHabits:
        """What was seen of attributes."""

    @property
    def has_groups(self) -> bool:
        """Whether its sets are groups, and not an attribute of the user."""

    @property
    def moves_many(self) -> bool:
        """Whether `move` may be asked for several accounts at once."""

    def account(self, account_id: str) -> Account | None:
        """One account, None if there is none."""

    def find(self, external_id: str, user_name: str) -> tuple[Account, ...]:
        """Accounts of this externalId (exactly) or userName (whatever its case)."""

    def create_account(self, attributes: Attributes) -> str | None:
        """Makes an account; the id that the answer names, None if it names none."""

    def update_account(self, account_id: str, attributes: Attributes) -> bool:
        """Changes exactly these attributes; whether the account was read back, and is as asked."""

    def create_set_group(self, name: str, members: Sequence[str] = ()) -> str | None:
        """Makes a set's group with these accounts; the id that the answer names, if any."""

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
        """The vendor accepted an account into a group that does not show it."""

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        """Takes accounts out of the `lost` groups, then puts them into the `gained` ones.

        Both map groups' ids to the members as they have just been read. Returns whether all the
        groups were read afterwards, and are as asked: else nobody knows yet.
        """

    def add_member(self, group_id: str, account_id: str) -> None:
        """Adds one member, unless it is there."""

    def says_no_seat(self, answer: Exception | None, names: Iterable[str]) -> bool:
        """Whether this answer of the vendor is about seats; `names` in it say nothing."""
