"""An organisation by chance: who joins, moves, leaves and is renamed, day by day.

It changes a running sandbox's tenant, its vendor's purchases and, by the hands of the vendor's
admins, accounts and sets; never what the program would have to do.
"""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import requests

from config.load import load
from connectors.sandbox.admin_portal import NoSeatError
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.scim.client import Scim
from support.counterparts.small_tenant import group, guid, user

SETS: dict[str, list[str]] = {
    "Sales Team": ["Sales"],
    "Marketing Team": ["Marketing"],
    "Sales-Marketing-Team": ["Sales", "Marketing"],
    "Talent Team": ["Talent"],
    "Admins": ["Sales"],
}
SEATS = {"Sales": 30, "Marketing": 24, "Talent": 14}
PEOPLE, ADMINS, PROTECTED = 44, 3, "person4"

Event = Callable[[], None]


class Organisation:
    """`rng` decides everything. Admins of the vendor are hired, and nobody moves or leaves them."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.hired = 0
        self.paused: set[str] = set()
        self.gone_groups: dict[str, dict[str, Any]] = {}
        groups = {name: group(name) for name in SETS}
        self.sandbox = Sandbox(
            Tenant({"users": [], "groups": list(groups.values())}),
            [{"name": n, "products": p, "admin": n == "Admins"} for n, p in SETS.items()],
            SEATS,
        )
        self.tenant = self.sandbox.tenant
        self.refused_seats: list[str] = []
        self._note_refused_seats()
        for _ in range(PEOPLE):
            self.hire("Admins" if self.hired < ADMINS else "")

    def live_a_day(self, vendor: "VendorAdmins", events: int) -> None:
        """Some of what happens in a day."""
        happenings: list[tuple[float, Event]] = [
            (3, self.hire),
            (2, self.leave),
            (5, self.move),
            (2, self.rename),
            (1, lambda: self.switch(enabled=False)),
            (1, lambda: self.switch(enabled=True)),
            (1, self.delete),
            (0.6, self.restore),
            (0.4, self.delete_for_good),
            (0.2, self.recreate),
            (0.7, self.join_a_second),
            (0.3, self.lose_mail),
            (0.5, self.get_mail),
            (0.2, self.invite),
            (0.6, self.buy),
            (0.4, self.cut),
            (0.25, self.rename_group),
            (0.2, self.pause_group),
            (0.12, self.delete_group),
            (1.2, self.tidy_up_a_group),
            (0.5, vendor.deactivate),
            (0.4, vendor.take_out),
            (0.5, vendor.rename),
            (0.2, vendor.add_a_stranger),
            (0.15, vendor.delete),
        ]
        weights = [weight for weight, _ in happenings]
        for _, event in self.rng.choices(happenings, weights, k=events):
            event()

    def _note_refused_seats(self) -> None:
        """Whoever asks for a seat that is not free has counted wrong."""
        portal = self.sandbox.portal
        sound = portal.assign

        def assign(name: str, joining: Iterable[str], leaving: Iterable[str]) -> None:
            try:
                sound(name, joining, leaving)
            except NoSeatError as error:
                self.refused_seats.append(f"{name}: {error}")
                raise

        portal.assign = assign  # type: ignore[method-assign]

    # People

    def hire(self, into: str = "") -> None:
        name = f"person{self.hired}"
        self.hired += 1
        self.tenant.users[guid(name)] = user(name)
        into = into or self.rng.choice([*(n for n in SETS if n != "Admins"), ""])
        if into:
            self.group_of(into)["members"].append(guid(name))

    def leave(self) -> None:
        if person := self.somebody():
            for one in self.groups():
                one["members"] = [member for member in one["members"] if member != person]

    def move(self) -> None:
        if person := self.somebody(with_a_group=True):
            for one in self.groups():
                one["members"] = [member for member in one["members"] if member != person]
            self.group_of(self.a_set())["members"].append(person)

    def join_a_second(self) -> None:
        if person := self.somebody():
            members = self.group_of(self.a_set())["members"]
            if person not in members:
                members.append(person)

    def rename(self) -> None:
        if person := self.somebody():
            found = self.tenant.users[person]
            found["surname"] = self.rng.choice(["Abel", "Brandt", "Costa", "Dietz"])
            login = found["userPrincipalName"].split("@")[0].split(".")[0]
            name = f"{login}.{found['surname']}@harbour.example".lower()
            found["userPrincipalName"] = name
            found["mail"] = name if found["mail"] else None

    def switch(self, *, enabled: bool) -> None:
        if person := self.somebody():
            self.tenant.users[person]["accountEnabled"] = enabled

    def lose_mail(self) -> None:
        if person := self.somebody():
            self.tenant.users[person]["mail"] = None

    def get_mail(self) -> None:
        for found in self.tenant.users.values():
            found["mail"] = found["mail"] or found["userPrincipalName"]

    def invite(self) -> None:
        self.hire()
        newest = self.tenant.users[guid(f"person{self.hired - 1}")]
        newest["userType"] = "Guest"

    def delete(self) -> None:
        """Into the recycle bin, out of every group, as Entra shows it."""
        if person := self.somebody():
            self.tenant.deleted[person] = self.tenant.users.pop(person)

    def restore(self) -> None:
        if self.tenant.deleted:
            person = self.rng.choice(sorted(self.tenant.deleted))
            self.tenant.users[person] = self.tenant.deleted.pop(person)

    def delete_for_good(self) -> None:
        if self.tenant.deleted:
            del self.tenant.deleted[self.rng.choice(sorted(self.tenant.deleted))]

    def recreate(self) -> None:
        """The same login under a new object id."""
        if person := self.somebody():
            old = self.tenant.users.pop(person)
            new = guid(f"{person} again")
            self.tenant.users[new] = old | {"id": new}
            for one in self.groups():
                one["members"] = [new if member == person else member for member in one["members"]]

    # Groups and seats

    def rename_group(self) -> None:
        self.group_of(self.a_set())["displayName"] += " (old)"

    def pause_group(self) -> None:
        name = self.a_set()
        self.paused.add(name)
        self.group_of(name).update(
            groupTypes=["DynamicMembership"], membershipRuleProcessingState="Paused"
        )

    def delete_group(self) -> None:
        name = self.a_set()
        if found := self.tenant.groups.pop(guid(name), None):
            self.gone_groups[name] = self.tenant.deleted_groups[guid(name)] = found

    def tidy_up_a_group(self) -> None:
        """Whatever was done to a group is put right."""
        name = self.a_set()
        if found := self.gone_groups.pop(name, None):
            self.tenant.groups[guid(name)] = found
            self.tenant.deleted_groups.pop(guid(name), None)
        self.paused.discard(name)
        self.group_of(name).update(
            displayName=name, groupTypes=[], membershipRuleProcessingState="On"
        )

    def buy(self) -> None:
        self.sandbox.portal.seats[self.rng.choice(sorted(SEATS))] += self.rng.randint(1, 4)

    def cut(self) -> None:
        product = self.rng.choice(sorted(SEATS))
        seats = self.sandbox.portal.seats
        seats[product] = max(2, seats[product] - self.rng.randint(1, 3))

    # What is so today

    def somebody(self, *, with_a_group: bool = False) -> str:
        spared = {guid(f"person{at}") for at in range(ADMINS)}
        people = self.tenant.users.keys() - spared
        if with_a_group:
            people &= {member for one in self.groups() for member in one["members"]}
        return self.rng.choice(sorted(people) or [""])

    def a_set(self) -> str:
        return self.rng.choice([name for name in SETS if name != "Admins"])

    def group_of(self, name: str) -> dict[str, Any]:
        return self.tenant.groups.get(guid(name)) or self.gone_groups[name]

    def groups(self) -> list[dict[str, Any]]:
        return [self.group_of(name) for name in SETS]

    def closed(self) -> set[str]:
        """Sets that are left as they are: their group is missing, or does not follow its rule."""
        return self.missing() | self.paused

    def missing(self) -> set[str]:
        """Sets without a group of their name. Whoever left another set may be in theirs."""
        named = {one["displayName"] for one in self.tenant.groups.values()}
        return {name for name in SETS if name not in named}

    def left_alone(self) -> set[str]:
        """People in the group of a closed set, under whatever name it has now.

        Wherever they came from, nobody can see that they are there.
        """
        return {member for name in self.closed() for member in self.group_of(name)["members"]}

    def wishes(self) -> dict[str, set[str]]:
        """Per person who is there and enabled, the sets whose groups can be read and have them."""
        open_sets = SETS.keys() - self.closed()
        return {
            person: {name for name in open_sets if person in self.group_of(name)["members"]}
            for person, found in self.tenant.users.items()
            if found["accountEnabled"]
        }


class VendorAdmins:
    """People at work in the vendor's portal; they leave the admins of the portal alone."""

    def __init__(self, organisation: Organisation, config: Any) -> None:
        self._organisation, self._config = organisation, config
        self.strangers = 0

    def deactivate(self) -> None:
        if account := self._an_account():
            with self._vendor() as vendor:
                vendor.update_account(account, {"active": False})

    def rename(self) -> None:
        if account := self._an_account():
            with self._vendor() as vendor:
                vendor.update_account(account, {"name.familyName": "Mistyped"})

    def take_out(self) -> None:
        if account := self._an_account():
            with self._vendor() as vendor:
                for ids in vendor.groups(list(SETS)).values():
                    vendor.move([account], vendor.members_of([ids[0]]), {})

    def add_a_stranger(self) -> None:
        """An account that is in no directory; with a seat, if there is one."""
        self.strangers += 1
        name = f"stranger{self.strangers}@elsewhere.example"
        seats, used = (
            self._organisation.sandbox.portal.seats,
            self._organisation.sandbox.portal.used(),
        )
        with self._vendor() as vendor:
            account = vendor.create_account({"userName": name, "externalId": f"x-{name}"})
            ids = vendor.groups(["Sales Team"]).get("Sales Team")
            if ids and used["Sales"] < seats["Sales"]:
                vendor.add_member(ids[0], account)

    def delete(self) -> None:
        if account := self._an_account():
            with self._vendor() as vendor:
                for ids in vendor.groups(list(SETS)).values():
                    vendor.move([account], vendor.members_of([ids[0]]), {})
            sandbox = self._organisation.sandbox
            allowed = {"Authorization": f"Bearer {sandbox.token}"}
            requests.delete(f"{sandbox.scim_url}/Users/{account}", headers=allowed, timeout=60)

    def _an_account(self) -> str:
        spared = {guid(f"person{at}") for at in range(ADMINS)}
        accounts = {
            str(one.user_name): str(one.id)
            for one in self._organisation.sandbox.vendor.storage.resources
            if getattr(one, "user_name", None) and one.external_id not in spared
        }
        name = self._organisation.rng.choice(sorted(accounts) or [""])
        return accounts.get(name, "")

    def _vendor(self) -> Scim:
        settings = load(self._config)
        return Scim(settings.vendor, settings.attribute_mapping.targets)
