"""The vendor's Admin Portal as the guide describes it: tokens, the switch, sets and seats."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

LIFETIMES = {"90d": timedelta(days=90), "180d": timedelta(days=180), "1y": timedelta(days=365)}


class PortalError(Exception):
    """The portal's form refuses something."""


class NoSeatError(PortalError):
    """A product of the set has no available seat."""


class OtherSetError(PortalError):
    """The user is in another set already."""


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
    """What the vendor's admins see and do. `seats` are purchased seats per product."""

    def __init__(
        self, seats: Mapping[str, int], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.seats = dict(seats)
        self.sets: dict[str, PortalSet] = {}
        self.managed_through_idp = False
        self.clock = clock
        self._token = ""
        self._token_expires = clock()
        self._connected_before = False
        self._set_of: dict[str, str] = {}

    def generate_token(self, lifetime: str) -> str:
        """A new API token, for 90d, 180d or 1y; the previous one is invalid from now on."""
        self._token = token_urlsafe(32)
        self._token_expires = self.clock() + LIFETIMES[lifetime]
        return self._token

    def accepts(self, token: str) -> bool:
        """Whether a request with this token is served; the first success turns the switch on."""
        accepted = token == self._token and self.clock() < self._token_expires
        if accepted and not self._connected_before:
            self._connected_before = self.managed_through_idp = True
        return accepted

    def create_set(
        self, name: str, description: str, products: Iterable[str], admin: bool = False
    ) -> None:
        """The dialog "Create Subscription Set"."""
        products = tuple(products)
        if self.clock() >= self._token_expires:
            raise PortalError("refresh the API token first")
        if not re.fullmatch(r"[a-zA-Z0-9.\-\s]{3,35}", name) or len(description) > 45:
            raise PortalError(f'"{name}": 3 to 35 letters, digits, dots, hyphens or spaces')
        if not products or not set(products) <= set(self.seats):
            raise PortalError(f'"{name}": select one or more products')
        self.sets[name] = PortalSet(name, description, products, admin, self.clock())

    def used(self) -> dict[str, int]:
        """Seats in use per product."""
        counts = Counter(
            product for name in self._set_of.values() for product in self.sets[name].products
        )
        return {product: counts[product] for product in self.seats}

    def members(self, name: str) -> set[str]:
        """The accounts that hold a set."""
        return {account for account, held in self._set_of.items() if held == name}

    def assign(self, name: str, joining: Iterable[str], leaving: Iterable[str]) -> None:
        """The members of the group called `name` change; a group without a set grants nothing.

        Raises:
            NoSeatError, OtherSetError: nobody's seat was changed.
        """
        if name not in self.sets:
            return
        joining = list(joining)
        for account in joining:
            if self._set_of.get(account, name) != name:
                raise OtherSetError(f"user {account} is in set {self._set_of[account]}")
        kept = {account: held for account, held in self._set_of.items() if account not in leaving}
        previous, self._set_of = self._set_of, kept | dict.fromkeys(joining, name)
        full = [product for product, used in self.used().items() if used > self.seats[product]]
        if joining and set(full) & set(self.sets[name].products):
            self._set_of = previous
            raise NoSeatError(f"no available seats of {', '.join(full)}")
        self.sets[name].last_synced = self.clock()
