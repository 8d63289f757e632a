"""The vendor's Admin Portal as the guide describes it: tokens, the switch, sets and seats."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from secrets import token_urlsafe

from config.duration import duration
from reconciler.model.group_names import fault

LIFETIMES = ("90 days", "180 days", "1 year")
LONGEST_DESCRIPTION = 45


class PortalError(Exception):
    """The portal's form refuses something, and names the field."""


class NoSeatError(PortalError):
    """A product of the set has no available seat."""


class OtherSetError(PortalError):
    """The user is in another set already."""


@dataclass(frozen=True)
class Account:
    """A user of the vendor's, as its User Management knows them."""

    id: str
    user_name: str
    display_name: str
    active: bool


@dataclass
class PortalSet:
    """A row of the portal's table; `last_synced` None reads "UnSynced" there."""

    name: str
    description: str
    products: tuple[str, ...]
    admin: bool
    created: datetime
    last_synced: datetime | None = None


class Portal:
    """What the vendor's admins see and do. `seats` are purchased seats per product.

    `in_group` tells the members of the SCIM group of a name: the accounts that a set takes up when
    it is made after its group, and `accounts` who there is. `set_of` is the set of each account
    that has one, by its id.
    """

    def __init__(
        self, seats: Mapping[str, int], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.seats = dict(seats)
        self.sets: dict[str, PortalSet] = {}
        self.managed_through_idp = False
        self.clock = clock
        self.in_group: Callable[[str], set[str]] = lambda _: set()
        self.accounts: Callable[[], list[Account]] = list
        self.token = ""
        self.token_expires = clock()
        self._connected_before = False
        self.set_of: dict[str, str] = {}

    def generate_token(self, lifetime: str) -> str:
        """A new API token, in the portal's words or as 90d, 180d or 1y; the previous one is
        invalid from now on.
        """
        self.token_expires = self.clock() + _offered(lifetime)
        self.token = token_urlsafe(32)
        return self.token

    def delete_token(self) -> None:
        """No request is accepted before there is a new one."""
        self.token, self.token_expires = "", self.clock()

    def expire_token(self) -> None:
        """The token expires now; only a new one helps."""
        self.token_expires = min(self.token_expires, self.clock())

    def expired(self) -> bool:
        """There is a token, and its time is over."""
        return bool(self.token) and self.clock() >= self.token_expires

    def accepts(self, token: str) -> bool:
        """Whether a request with this token is served; the first success turns the switch on."""
        known = bool(self.token) and compare_digest(token.encode(), self.token.encode())
        accepted = known and self.clock() < self.token_expires
        if accepted and not self._connected_before:
            self._connected_before = self.managed_through_idp = True
        return accepted

    def create_set(
        self, name: str, description: str, products: Collection[str], admin: bool = False
    ) -> None:
        """The dialog "Create Subscription Set"; a set of admins alone needs no product."""
        if self.clock() >= self.token_expires:
            raise PortalError("API Token: refresh it first")
        if why := fault(name):
            raise PortalError(f'Subscription Set Name "{name}": {why}')
        if name in self.sets:
            raise PortalError(f'Subscription Set Name "{name}": there is such a set already')
        if len(description) > LONGEST_DESCRIPTION:
            raise PortalError(f"Description: {LONGEST_DESCRIPTION} characters at most")
        if not products and not admin:
            raise PortalError(f'Subscriptions of "{name}": select one or more products')
        if unknown := [product for product in products if product not in self.seats]:
            raise PortalError(f'Subscriptions of "{name}": there is no {", ".join(unknown)}')
        self.sets[name] = PortalSet(name, description, tuple(products), admin, self.clock())
        for account in sorted(self.in_group(name)):
            with suppress(NoSeatError, OtherSetError):  # such a user is not provisioned
                self.assign(name, [account], [])

    def used(self) -> dict[str, int]:
        """Seats in use per product."""
        counts = Counter(
            product for name in self.set_of.values() for product in self.sets[name].products
        )
        return {product: counts[product] for product in self.seats}

    def members(self, name: str) -> set[str]:
        """The accounts that hold a set."""
        return {account for account, held in self.set_of.items() if held == name}

    def assign(self, name: str, joining: Iterable[str], leaving: Iterable[str]) -> None:
        """The members of the group called `name` change; a group without a set grants nothing.

        Raises:
            NoSeatError, OtherSetError: nobody's seat was changed.
        """
        if name not in self.sets:
            return
        joining = list(joining)
        for account in joining:
            if self.set_of.get(account, name) != name:
                raise OtherSetError(f"user {account} is in set {self.set_of[account]}")
        kept = {account: held for account, held in self.set_of.items() if account not in leaving}
        previous, self.set_of = self.set_of, kept | dict.fromkeys(joining, name)
        full = [product for product, used in self.used().items() if used > self.seats[product]]
        if joining and set(full) & set(self.sets[name].products):
            self.set_of = previous
            raise NoSeatError(f"no available seats of {', '.join(full)}")
        self.sets[name].last_synced = self.clock()

    def forget(self, account: str) -> None:
        """A user is deleted, and the seat is free."""
        self.set_of.pop(account, None)


def _offered(lifetime: str) -> timedelta:
    with suppress(ValueError):
        chosen = duration(lifetime)
        if chosen in map(duration, LIFETIMES):
            return chosen
    raise PortalError(f'API Token will expire in "{lifetime}": choose {", ".join(LIFETIMES)}')
