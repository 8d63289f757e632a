"""How a vendor says that an account holds a set. Whoever uses it need not know which way it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connectors.scim.reading.known import Known
from connectors.scim.reading.listing import Resources
from reconciler.model.account import Members


@dataclass(frozen=True)
class Held:
    """Which sets there are, and who holds them; `because` says what could not be read, or "".

    `groups` maps a set's name to the ids of what holds its members; `holdings` are pairs of a
    set's name and an account, and `others` likewise of whatever else accounts are members of.
    `unread` are the names of those whose members could not be read. `called` maps a set's name to
    another one that the vendor gave it, `pending` are names of sets whose group is not visible yet.
    Of `unshown` sets others may be holders, too.
    """

    groups: dict[str, tuple[str, ...]]
    holdings: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    because: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()


class Membership(Protocol):
    """Sets as the vendor keeps them; each has an id, which is only meant for these methods."""

    @property
    def batches(self) -> bool:
        """Whether several accounts may be moved by one request."""

    def held(self, users: Resources, sets: Collection[str], known: Known) -> Held:
        """Who of these users holds what, as far as it can be read."""

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Per name the ids of the sets that are called exactly so."""

    def members(
        self, ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        """Per id of a set who holds it now: everybody, or of these `accounts` at least."""

    def hides(self, members: Members) -> bool:
        """Whether others may be in a set that shows these members."""

    def learn_from_absence(self, set_id: str, members: Members, account: str) -> None:
        """The vendor accepted an account into a set that shows these members, and not the account.

        Others may be missing likewise: `hides` says so from then on.
        """

    def create(self, name: str, members: Sequence[str] = ()) -> str | None:
        """A new set with these accounts in it; its id, None if the vendor does not say it."""

    def name_of(self, group_id: str) -> str | None:
        """What the vendor calls the set, None if it is not there."""

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        """Takes the accounts out of the `lost` sets and puts them into the `gained` ones.

        Both map the ids of sets to their members as they have just been read: who is present
        is not added again, for some servers store it twice. Returns whether it was read afterwards
        that all is as asked.
        """
