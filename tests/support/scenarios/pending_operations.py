"""A tenant and a vendor between which operations of chosen kinds wait to be done, one user each."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.scim.client import Scim
from reconciler.model.plan import Kind
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.company import Company

MAIL = 'emails[type eq "work"].value'
SETS = {"Sales Team": "Sales", "Marketing Team": "Marketing", "Talent Team": "Talent"}

# Kind: the user, the set that they are in at the vendor, and in Entra.
PENDING: dict[Kind, tuple[str, str | None, str | None]] = {
    Kind.CREATE_SET_GROUP: ("ivy", None, "Talent Team"),
    Kind.CREATE_ACCOUNT: ("eva", None, "Sales Team"),
    Kind.UPDATE_ACCOUNT: ("ana", "Sales Team", "Sales Team"),
    Kind.LINK: ("hal", "Sales Team", "Sales Team"),
    Kind.REACTIVATE_ACCOUNT: ("gus", "Sales Team", "Sales Team"),
    Kind.DEACTIVATE_ACCOUNT: ("dan", None, "Marketing Team"),
    Kind.GRANT: ("fay", None, "Sales Team"),
    Kind.REVOKE: ("bob", "Sales Team", None),
    Kind.MOVE: ("cyd", "Sales Team", "Marketing Team"),
}

# Has what they should have, so that no group looks emptied.
BYSTANDER, HER_SET = "zoe", "Sales Team"

# What an account says at the vendor, where it is not what Entra says.
DIFFERENT: dict[Kind, dict[str, Any]] = {
    Kind.UPDATE_ACCOUNT: {"name.familyName": "Maiden"},
    Kind.REACTIVATE_ACCOUNT: {"active": False},
}


class PendingOperations(Company):
    """Runs from `with` to its end."""

    def __init__(self, folder: Path, *kinds: Kind) -> None:
        self.folder = folder
        self.config = folder / "seatsync.yaml"
        self.kinds = kinds or tuple(PENDING)
        self.sandbox = Sandbox(
            Tenant(self._tenant()),
            [{"name": name, "products": [product]} for name, product in SETS.items()],
            dict.fromkeys(SETS.values(), 20),
        )

    def __enter__(self) -> Self:
        self.sandbox.__enter__()
        percents = ("max_revoke_percent", "max_set_revoke_percent", "max_week_revoke_percent")
        self.configure(policy=dict.fromkeys(percents, 100))
        self._prepare_vendor()
        self.adopt()
        self.prepared = len(self.sandbox.vendor_ledger.writes)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.sandbox.__exit__(kind, error, trace)

    def approve(self) -> None:
        """A plan with all that waits, let pass."""
        planned = self.run("plan")
        assert planned.exit_code == 2, planned
        assert self.let_pass("--reason", "tested").exit_code == 0

    def remember(self) -> None:
        """This moment, for `return_to_it`."""
        super().remember()
        self.used = self.sandbox.portal.used()

    @property
    def deeds(self) -> list[tuple[object, ...]]:
        """What the vendor's own ledger says was changed since the beginning, ids as names.

        A deed per member of a group, however many come or go by one request.
        """
        writes = self.sandbox.vendor_ledger.writes
        names = {write.id: write.name for write in writes}
        deeds: list[tuple[object, ...]] = []
        for write in writes[self.prepared :]:
            changes = [*("+" + names[at] for at in write.added)]
            changes += ["-" + names[at] for at in write.removed]
            deeds += [(write.action, write.name, change) for change in changes]
            deeds += [] if changes else [(write.action, write.name)]
        return sorted(deeds)

    def _tenant(self) -> dict[str, Any]:
        members: dict[str, list[str]] = {name: [] for name in SETS}
        members[HER_SET].append(BYSTANDER)
        for kind in self.kinds:
            name, _, wanted = PENDING[kind]
            if wanted:
                members[wanted].append(name)
        return {
            "users": [
                user(BYSTANDER),
                *(
                    user(PENDING[kind][0], accountEnabled=kind is not Kind.DEACTIVATE_ACCOUNT)
                    for kind in self.kinds
                ),
            ],
            "groups": [group(name, *people) for name, people in members.items()],
        }

    def vendor(self) -> Scim:
        """As another program of the customer would reach it."""
        settings = load(self.config)
        return Scim(settings.vendor, settings.attribute_mapping.targets)

    def _prepare_vendor(self) -> None:
        with self.vendor() as vendor:
            groups = {n: vendor.create_set_group(n) for n in SETS if n != "Talent Team"}
            vendor.add_member(groups[HER_SET], vendor.create_account(account_of(BYSTANDER)))
            for kind in self.kinds:
                if kind in {Kind.CREATE_ACCOUNT, Kind.CREATE_SET_GROUP}:
                    continue
                name, held, _ = PENDING[kind]
                at = vendor.create_account(account_of(name) | DIFFERENT.get(kind, {}))
                if held:
                    vendor.add_member(groups[held], at)
                if kind is Kind.LINK:
                    self.resource(at).external_id = None

    def resource(self, at: str) -> Any:
        """What the vendor stores under this id."""
        (found,) = [r for r in self.sandbox.vendor.storage.resources if r.id == at]
        return found


class Crowd(PendingOperations):
    """Twelve join a set that four leave, so that what is alike is done by few requests."""

    JOINERS = tuple(f"new{at:02}" for at in range(12))
    LEAVERS = tuple(f"old{at}" for at in range(4))
    OTHERS = tuple(f"her{at}" for at in range(4))

    def _tenant(self) -> dict[str, Any]:
        people = (*self.OTHERS, *self.JOINERS)
        return {
            "users": [user(name) for name in (*people, *self.LEAVERS)],
            "groups": [group(name, *(people if name == HER_SET else ())) for name in SETS],
        }

    def _prepare_vendor(self) -> None:
        with self.vendor() as vendor:
            at = {name: vendor.create_set_group(name) for name in SETS}
            for name in (*self.OTHERS, *self.LEAVERS):
                vendor.add_member(at[HER_SET], vendor.create_account(account_of(name)))


def account_of(name: str) -> dict[str, Any]:
    """The attributes that the default mapping gives this user."""
    return {
        "userName": f"{name}@harbour.example",
        "externalId": guid(name),
        MAIL: f"{name}@harbour.example",
        "name.givenName": name.title(),
        "name.familyName": "Abel",
        "active": True,
    }
