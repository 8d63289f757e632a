"""An organisation whose sets change: renamed, removed, merged, split, pinned, with other products.

Each change is made where a person would make it: in the configuration, in Entra ID, in the vendor's
portal, in the seat file. What follows from it is the program's to do.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.scim.client import Scim
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.company import Company

PRODUCTS = ("Sales", "Marketing", "Talent")
PEOPLE = 14
MEMBERSHIPS = {"groups": "groups", "attribute": {"attribute": "userType"}}


class Reorganisation(Company):
    """`with it.sandbox` runs it. `sets` are the configured ones, as in the file."""

    def __init__(self, folder: Path, membership: str, seed: int) -> None:
        self.folder, self.config = folder, folder / "seatsync.yaml"
        self.rng = Random(seed)  # noqa: S311
        self.membership = MEMBERSHIPS[membership]
        self.named = self.hired = 0
        self.sets: dict[str, dict[str, Any]] = {}
        self.tenant = Tenant({"users": [], "groups": []})
        self.sandbox = Sandbox(self.tenant, [], dict.fromkeys(PRODUCTS, PEOPLE))
        for _ in range(3):
            self.found()
        for _ in range(PEOPLE):
            self.hire()

    def change(self, events: int) -> list[str]:
        """Some of what happens to sets and people; their names."""
        happenings: list[tuple[int, Callable[[], object]]] = [
            (2, self.hire),
            (3, self.leave),
            (4, self.move),
            (1, self.block),
            (2, self.found),
            (3, self.rename),
            (3, self.remove),
            (3, self.merge),
            (3, self.split),
            (2, self.pin),
            (2, self.other_products),
            (2, self.buy_or_cut),
        ]
        weights = [weight for weight, _ in happenings]
        chosen = [event for _, event in self.rng.choices(happenings, weights, k=events)]
        for event in chosen:
            event()
        self.write()
        return [event.__name__ for event in chosen]

    def write(self) -> None:
        """The configuration and the seat file as they are now."""
        rows = [f"{product},{count}" for product, count in self.sandbox.portal.seats.items()]
        (self.folder / "seats.csv").write_text("\n".join(["product,purchased", *rows]))
        self.configure(
            subscription_sets=list(self.sets.values()),
            seats={"file": "seats.csv"},
            vendor={
                "name": "ZoomInfo",
                "base_url": self.sandbox.scim_url,
                "token": "file:scim-token",
                "token_issued": self.sandbox.portal.clock().date(),
                "token_lifetime": "180d",
                "managed_through_idp": True,
                "max_requests_per_second": 1000,
                "membership": self.membership,
            },
        )

    # People

    def hire(self) -> None:
        name = f"person{self.hired}"
        self.hired += 1
        self.tenant.users[guid(name)] = user(name)
        self._group(self._a_set())["members"].append(guid(name))

    def leave(self) -> None:
        self._take_out(self._somebody())

    def move(self) -> None:
        person = self._somebody()
        self._take_out(person)
        self._group(self._a_set())["members"].append(person)

    def block(self) -> None:
        self.tenant.users[self._somebody()]["accountEnabled"] = False

    # Sets

    def found(self) -> str:
        """A set with its group, and a row in the vendor's portal."""
        name = self._a_name()
        self.tenant.groups[guid(name)] = group(name)
        self.sets[name] = {"name": name, "products": self._bundle(), "group": guid(name)}
        self._portal_set(name)
        return name

    def rename(self) -> None:
        """In Entra and here; the vendor's admins may or may not have made the new one, too."""
        old, new = self._a_set(), self._a_name()
        item = self.sets.pop(old)
        self.sets[new] = {**item, "name": new}
        self._group(new)["displayName"] = new
        self._portal_set(new)
        if self.rng.random() < 0.7:
            settings = load(self.config)
            with Scim(settings.vendor, settings.attribute_mapping.targets) as vendor:
                vendor.create_set_group(new)

    def remove(self) -> None:
        if len(self.sets) > 1:
            self.sets.pop(self._a_set())

    def merge(self) -> None:
        if len(self.sets) > 1:
            gone = self.sets.pop(self._a_set())
            members = self.tenant.groups[gone["group"]]["members"]
            self._group(self._a_set())["members"] += members
            members.clear()

    def split(self) -> None:
        old = self._a_set()
        new = self.found()
        members = self._group(old)["members"]
        self._group(new)["members"], self._group(old)["members"] = members[::2], members[1::2]

    def pin(self) -> None:
        item = self.sets[self._a_set()]
        item["group_id"] = item["group"]

    def other_products(self) -> None:
        name = self._a_set()
        self.sets[name]["products"] = self._bundle()
        self._portal_set(name)

    def buy_or_cut(self) -> None:
        seats = self.sandbox.portal.seats
        product = self.rng.choice(PRODUCTS)
        seats[product] = max(1, seats[product] + self.rng.randint(-4, 4))

    # What is so now

    def configure(self, **sections: Any) -> None:
        """The ids of the groups are the test's own knowledge."""
        sets = sections.pop("subscription_sets")
        plain = [{key: value for key, value in item.items() if key != "group"} for item in sets]
        super().configure(subscription_sets=plain, **sections)

    def _a_name(self) -> str:
        self.named += 1
        return f"Set {self.named}"

    def _a_set(self) -> str:
        return self.rng.choice(sorted(self.sets))

    def _group(self, name: str) -> dict[str, Any]:
        return self.tenant.groups[self.sets[name]["group"]]

    def _somebody(self) -> str:
        return self.rng.choice(sorted(self.tenant.users))

    def _take_out(self, person: str) -> None:
        for one in self.tenant.groups.values():
            one["members"] = [member for member in one["members"] if member != person]

    def _bundle(self) -> list[str]:
        return sorted(self.rng.sample(PRODUCTS, self.rng.choice([1, 1, 2])))

    def _portal_set(self, name: str) -> None:
        portal, products = self.sandbox.portal, self.sets[name]["products"]
        if name in portal.sets:
            portal.sets[name].products = tuple(products)
        else:
            portal.create_set(name, "", products)
