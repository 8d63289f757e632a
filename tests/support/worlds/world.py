"""A small world for the reconciler: a tenant, a vendor that enforces its rules, and settings.

Rows are kept as plain dictionaries, so that a test says only what matters to it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pandas as pd

from config.settings import Settings
from reconciler.applying.accounts_now import readings_of
from reconciler.applying.preconditions import AccountNow
from reconciler.columns import frames
from reconciler.model.attribute_habits import Way
from reconciler.model.gains_and_losses import WEEK, changes
from reconciler.model.group_read import ExportRead, Group, GroupRead
from reconciler.model.plan import Kind, Operation, Plan, State, Subject
from reconciler.model.seat_inventory import SeatCount
from reconciler.model.snapshot import Directory, Memory, MemoryUpdate, PlanContext, Snapshot, Target
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.memory_update import remember
from reconciler.reconcile import evaluation_of, reconcile

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
VENDOR = "https://vendor.example/scim/v2"
MAIL = 'emails[type eq "work"].value'
NEEDED_ROWS = {
    "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    "externalId": "objectId",
}
"""Of a mapping, beside a userName; no other rows of these are accepted."""


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, name))


Side = tuple[str, ...] | bool


class RefusedByVendorError(Exception):
    """The vendor said no; in these tests that is always a mistake of the plan."""


@dataclass
class World:
    """`sets` maps a name to its products, `seats` a product to what was bought.

    The store has known this vendor for long, and which accounts are ours; `habits` are what its
    `Target` says beside accounts and groups.
    """

    sets: dict[str, list[str]] = field(default_factory=lambda: {"Sales Team": ["Sales"]})
    seats: dict[str, Any] = field(default_factory=lambda: {"Sales": 100})
    policy: dict[str, Any] = field(default_factory=dict)
    vendor: dict[str, Any] = field(default_factory=dict)
    mapping: dict[str, Any] = field(default_factory=dict)
    filters: list[dict[str, Any]] = field(default_factory=list)
    filters_of: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    admins: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    least: dict[str, int] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: list[tuple[str, str, str]] = field(default_factory=list)
    reads: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    holdings: list[tuple[str, str]] = field(default_factory=list)
    groups: dict[str, tuple[str, ...]] | None = None
    target_complete: bool = True
    counted_on: Any = None
    vendor_used: dict[str, Any] = field(default_factory=dict)
    waits: list[dict[str, Any]] = field(default_factory=list)
    activations: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    habits: dict[str, Any] = field(default_factory=dict)
    ways: dict[str, frozenset[Way]] = field(default_factory=dict)
    invites: bool = False
    memory: dict[str, Any] = field(default_factory=dict)
    done: list[tuple[datetime, Operation]] = field(default_factory=list)
    leavers: dict[str, datetime] = field(default_factory=dict)
    graces: dict[str, str] = field(default_factory=dict)
    clock_skew: timedelta = timedelta(0)
    export: ExportRead | None = None
    now: datetime = NOW
    run: int = 1

    def person(self, name: str, *sets: str, **attributes: Any) -> str:
        """A person of the tenant and their groups; everything not given is in order."""
        object_id = guid(name)
        self.people[object_id] = {
            "id": object_id,
            "userPrincipalName": f"{name}@example.org",
            "mail": f"{name}@example.org",
            "givenName": name.title(),
            "surname": "Example",
            "mailNickname": name,
            "accountEnabled": True,
            "userType": "Member",
            "presence": "present",
            **attributes,
        }
        self.members += [(item, object_id, "user") for item in sets]
        return object_id

    def account(self, name: str, *sets: str, **attributes: Any) -> str:
        """An account at the vendor that agrees with the person of that name."""
        account = f"acc-{name}"
        self.accounts[account] = {
            "account": account,
            "externalId": guid(name),
            "userName": f"{name}@example.org",
            MAIL: f"{name}@example.org",
            "name.givenName": name.title(),
            "name.familyName": "Example",
            "active": True,
            **attributes,
        }
        self.holdings += [(item, account) for item in sets]
        if self.accounts[account]["externalId"] == guid(name):
            self.links[guid(name)] = account
        return account

    def lose_the_store(self) -> None:
        """Whatever it knew; the next one begins with nothing."""
        self.links, self.waits, self.activations, self.done, self.run = {}, [], {}, [], 1
        self.leavers = {}
        self.memory = {"tenant_id": "", "vendor": ""}

    def settled(self, name: str, *sets: str) -> str:
        """A person who has what they should have."""
        self.account(name, *sets)
        return self.person(name, *sets)

    def was_done(self, name: str, before: Side, after: Side, *, days_ago: float = 1) -> None:
        """Some days ago the user's sets were changed, or (True, False) the account was switched."""
        old, new = (
            State(active=side) if isinstance(side, bool) else State(sets=side)
            for side in (before, after)
        )
        had, has = (
            {product for item in state.sets or () for product in self.sets[item]}
            for state in (old, new)
        )
        operation = Operation(
            index=0,
            subject=Subject(kind="user", id=guid(name), name=name),
            before=old,
            after=new,
            takes=tuple(sorted(has - had)),
            frees=tuple(sorted(had - has)),
            reason="S1",
        )
        self.done.append((self.now - timedelta(days=days_ago), operation))

    def settings(self) -> Settings:
        return Settings.model_validate(
            {
                "directory": {
                    "tenant_id": guid("tenant"),
                    "client_id": guid("client"),
                    "credential": {"secret": "env:SECRET"},
                }
                if self.export is None
                else {"tenant_id": guid("tenant"), "file": "export.csv"},
                "vendor": {
                    "name": "ZoomInfo",
                    "base_url": VENDOR,
                    "token": "env:TOKEN",
                    "token_issued": "2026-09-01",
                    "token_lifetime": "180d",
                    "managed_through_idp": True,
                    **self.vendor,
                },
                "products": sorted({p for bundle in self.sets.values() for p in bundle}),
                "subscription_sets": [
                    {
                        "name": name,
                        "products": products,
                        "admin": name in self.admins,
                        "priority": name in self.urgent,
                        "group_id": self.pins.get(name),
                        "min_members": self.least.get(name, 0),
                        "leave_grace": self.graces.get(name),
                        "scoping_filters": self.filters_of.get(name, []),
                    }
                    for name, products in self.sets.items()
                ],
                "seats": {},
                "scoping_filters": self.filters,
                **({"attribute_mapping": self.mapping} if self.mapping else {}),
                "policy": {"max_revoke_percent": 100, "max_set_revoke_percent": 100, **self.policy},
            }
        )

    def known(self, name: str) -> bool:
        """Whether the vendor's group of this name is a set: configured, or remembered."""
        return name in self.sets or name in self.memory.get("sets", {})

    def snapshot(self) -> Snapshot:
        reads = (
            GroupRead(
                **{
                    "set": name,
                    "exact": (Group(guid(name), name),),
                    **self.reads.get(name, {}),
                }
            )
            for name in self.sets
        )
        groups = {name: (f"grp-{name}",) for name in self.sets}
        return Snapshot(
            directory=Directory(
                tenant_id=guid("tenant"),
                reads=tuple(reads),
                members=frames.frame(
                    frames.MEMBERS,
                    ({"set": s, "id": i, "kind": k} for s, i, k in self.members),
                ),
                people=frames.frame(
                    frames.PEOPLE,
                    self.people.values(),
                    extra=self._read_beside(),
                ),
                clock_skew=self.clock_skew,
                export=self.export,
            ),
            target=Target(
                base_url=VENDOR,
                groups=groups if self.groups is None else self.groups,
                accounts=frames.frame(
                    frames.ACCOUNTS,
                    self.accounts.values(),
                    extra=(MAIL, "name.givenName", "name.familyName", *self.mapping),
                ),
                holdings=_holdings(row for row in self.holdings if self.known(row[0])),
                others=_holdings(row for row in self.holdings if not self.known(row[0])),
                unread=self.unread,
                ways=self.ways,
                invites=self.invites,
                complete=self.target_complete,
                because="" if self.target_complete else "480 of 500 users",
                **self.habits,
            ),
            inventory=tuple(
                SeatCount(product, count, self.counted_on, self.vendor_used.get(product))
                for product, count in self.seats.items()
            ),
            memory=Memory(
                run=self.run,
                waits=frames.frame(frames.WAITS, self.waits),
                links=frames.frame(
                    frames.LINKS, ({"id": i, "account": a} for i, a in self.links.items())
                ),
                activations=frames.frame(
                    frames.ACTIVATIONS,
                    ({"id": i, "last": s} for i, s in self.activations.items()),
                ),
                week=changes(done for at, done in self.done if at > self.now - WEEK),
                leavers=frames.frame(
                    frames.LEAVERS, ({"id": i, "since": at} for i, at in self.leavers.items())
                ),
                **{"tenant_id": guid("tenant"), "vendor": VENDOR, **self.memory},
            ),
        )

    def _read_beside(self) -> list[str]:
        """The attributes that filters compare and persons have beside their usual ones."""
        filters = [*self.filters, *(one for few in self.filters_of.values() for one in few)]
        compared = {clause["attribute"] for one in filters for clause in one["clauses"]}
        return sorted(compared.union(*self.people.values()) - {"objectId"})

    def plan(self, plan_id: str = "8f2c41d7", *, grants_only: bool = False) -> Plan:
        plan_context = PlanContext(plan_id, self.now, "0.1.0", grants_only)
        return reconcile(self.settings(), self.snapshot(), plan_context)

    def evaluation(self, plan_id: str = "8f2c41d7") -> Evaluation:
        plan_context = PlanContext(plan_id, self.now, "0.1.0")
        return evaluation_of(self.settings(), self.snapshot(), plan_context)

    def knowledge(self) -> MemoryUpdate:
        return remember(self.settings(), self.snapshot(), self.plan())

    def keep(self, plan: Plan) -> None:
        """What the store keeps of a plan when it is made."""
        known = remember(self.settings(), self.snapshot(), plan)
        began = self.now if known.held and not self.snapshot().memory.tenant_id else None
        self.memory = {"began": began, **self.memory}
        self.memory |= {"sets": known.sets, "seats": known.seats, "named": known.named}
        self.memory |= {"tenant_id": known.tenant_id, "vendor": known.vendor}
        self.links |= known.links
        self.waits = [{"id": i, "set": s, "since_run": since} for i, s, since in known.waits]
        self.leavers = dict(known.leavers)
        self.run += 1

    def apply(
        self,
        plan: Plan,
        *,
        until: int | None = None,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        """Executes the operations one by one; the vendor enforces seats and the one-set rule.

        `until` is the index at which the program dies, `watch` looks on after each operation.
        """
        if not plan.only:
            self.keep(plan)
        if self.groups is None:
            there = (*self.sets, *(name for name, _ in self.holdings))
            self.groups = {name: (f"grp-{name}",) for name in there}
        for operation in plan.operations[:until]:
            self._apply(operation)
            self.done.append((self.now, operation))
            watch()

    def readings(self, plan: Plan) -> dict[int, AccountNow]:
        """Per operation the account that it starts from, as the vendor has it now."""
        return readings_of(plan, self.snapshot().target)

    def active_admins(self) -> set[str]:
        """Accounts that are active and hold an admin set."""
        holders = {account for name, account in self.holdings if name in self.admins}
        return {account for account in holders if self.accounts[account]["active"] is not False}

    def held_by(self, person: str) -> list[str]:
        """The sets of the account that carries this object id."""
        return [name for name, who in self.holdings if self.accounts[who]["externalId"] == person]

    def seats_held(self) -> list[tuple[str, str]]:
        """Who holds which set, whatever the account's id."""
        return [(name, str(self.accounts[who]["userName"])) for name, who in self.holdings]

    def used(self) -> dict[str, int]:
        """Seats in use per product, counted per account; of other groups nobody knows products."""
        held = {
            (account, product)
            for name, account in self.holdings
            for product in self.sets.get(name, ["Sales"])
            if self.known(name)
        }
        return {p: sum(1 for _, product in held if product == p) for p in self.seats}

    def _apply(self, operation: Operation) -> None:
        account = operation.account or f"new-{operation.subject.id}"
        self._remember(account, operation)
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                self.groups = {**(self.groups or {}), operation.subject.name: ("grp-new",)}
            case Kind.CREATE_ACCOUNT:
                attributes = dict(operation.after.attributes or {})
                self._refuse_taken_name(account, str(attributes["userName"]))
                self.accounts[account] = {"account": account, **attributes}
            case Kind.UPDATE_ACCOUNT | Kind.LINK:
                attributes = dict(operation.after.attributes or {})
                if "userName" in attributes:
                    self._refuse_taken_name(account, str(attributes["userName"]))
                self.accounts[account] |= attributes
            case Kind.REACTIVATE_ACCOUNT | Kind.DEACTIVATE_ACCOUNT:
                self.accounts[account]["active"] = operation.after.active
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                self._change_sets(account, operation)

    def _remember(self, account: str, operation: Operation) -> None:
        switch = {
            Kind.CREATE_ACCOUNT: "created",
            Kind.REACTIVATE_ACCOUNT: "reactivated",
            Kind.DEACTIVATE_ACCOUNT: "deactivated",
        }
        if operation.kind in switch:
            self.activations[operation.subject.id] = switch[operation.kind]
        if operation.kind in {Kind.CREATE_ACCOUNT, Kind.LINK}:
            self.links[operation.subject.id] = account
        midway = self.memory.get("midway", frozenset()) - {operation.subject.id}
        if operation.kind is Kind.REVOKE and operation.reason == "U2":
            midway |= {operation.subject.id}
        self.memory["midway"] = midway

    def _refuse_taken_name(self, account: str, name: str) -> None:
        for other, row in self.accounts.items():
            if other != account and row["userName"].casefold() == name.casefold():
                raise RefusedByVendorError(f"{name} is taken by {other}")

    def _change_sets(self, account: str, operation: Operation) -> None:
        held = {name for name, who in self.holdings if who == account and self.known(name)}
        if held != set(operation.before.sets or ()):
            raise RefusedByVendorError(f"{account} holds {held}, not {operation.before.sets}")
        self.holdings = [
            (name, who) for name, who in self.holdings if who != account or not self.known(name)
        ]
        self.holdings += [(name, account) for name in operation.after.sets or ()]
        if operation.kind is not Kind.REVOKE and len(operation.after.sets or ()) > 1:
            raise RefusedByVendorError(f"{account} would be in {operation.after.sets}")
        joined = {product for name in operation.gained for product in self.sets[name]}
        for product in joined:
            if self.used()[product] > int(self.seats[product]):
                raise RefusedByVendorError(f"no seat of {product} is free for {account}")


def _holdings(pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    return frames.frame(frames.HOLDINGS, ({"set": name, "account": at} for name, at in pairs))


def kinds(plan: Plan) -> list[tuple[str, str]]:
    """The operations as (kind, first part of the user name)."""
    return [(str(o.kind), o.subject.name.split("@")[0]) for o in plan.operations]


def codes(plan: Plan) -> set[str]:
    """What is told, but for groups that always were empty: most small worlds have some."""
    return {finding.code for finding in plan.findings} - {"R8"}


def messages(plan: Plan, code: str) -> list[str]:
    return [finding.message for finding in plan.findings if finding.code == code]


def names(entries: Iterable[Any]) -> list[str]:
    return [entry.user.name.split("@")[0] for entry in entries]
