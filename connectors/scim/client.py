"""The vendor as jobs use it: what can be read, and the operations of a plan."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from pydantic import ValidationError
from scim2_models import Context, Group, PatchOp, PatchOperation, User

from config.settings import Vendor
from connectors.errors import ConnectorError, Unreachable
from connectors.scim.errors import ScimRefused
from connectors.scim.listing import read_all
from connectors.scim.paths import Resource, Value, build, is_active, pick
from connectors.scim.read import read_members, read_target
from connectors.scim.transport import Json, Transport, resource_path
from reconciler.model.snapshot import Target

AnyUser: TypeAlias = User[Any]

TIME_BUDGET = 3600.0
"""Seconds for everything that one run asks of the vendor."""


@dataclass(frozen=True)
class Account:
    """A SCIM User: its id, the mapped attributes by path (absent ones are None), and ``active``."""

    id: str
    attributes: Mapping[str, str | None]
    active: bool | None


@dataclass(frozen=True)
class Probe:
    """What a first contact showed: users and groups that the vendor claims to have."""

    users: int
    groups: int


class Scim:
    """A SCIM 2.0 client for one vendor; `paths` are the attribute mapping's targets.

    Every method may raise `connectors.errors.Unreachable`, `Unauthorized` and `ScimRefused`;
    writes may raise `OutcomeUnknown`, after which only a read tells what happened.
    """

    def __init__(self, vendor: Vendor, paths: Sequence[str]) -> None:
        self._transport = Transport(vendor, TIME_BUDGET)
        self._base_url = vendor.base_url
        self._paths = tuple(paths)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def probe(self) -> Probe:
        """One user and one group, to see that address and token work."""
        first: dict[str, str | int] = {"startIndex": 1, "count": 1}
        users = self._transport.get("/Users", first)
        groups = self._transport.get("/Groups", first)
        return Probe(int(users.get("totalResults") or 0), int(groups.get("totalResults") or 0))

    def read(self, sets: Collection[str], advance: Callable[[int], None]) -> Target:
        """Every account, and the members of the groups named exactly like a set."""
        return read_target(self._transport, self._base_url, sets, self._paths, advance)

    def account(self, account_id: str) -> Account | None:
        """One account, None if there is none."""
        try:
            return self._account(self._transport.get(resource_path("Users", account_id)))
        except ScimRefused as error:
            # Some servers say 500 for what does not exist (RFC 7644 says 404).
            if error.status == 404 or (error.status == 500 and "not exist" in error.why):
                return None
            raise

    def find(self, external_id: str, user_name: str) -> tuple[Account, ...]:
        """Accounts of this externalId (exactly) or userName (whatever its case).

        Every hit is compared: servers ignore filters, or compare in their own way. One that does
        not know filters is read whole.
        """

        def fits(account: Account) -> bool:
            name = account.attributes.get("userName") or ""
            linked = account.attributes.get("externalId") == external_id
            return linked or name.casefold() == user_name.casefold()

        for attribute, value in (("externalId", external_id), ("userName", user_name)):
            hits = self._search(f'{attribute} eq "{_quoted(value)}"')
            if hits is None or not all(map(fits, hits)):  # the filter was refused, or ignored
                everybody = read_all(self._transport, "Users", lambda _: None).resources
                return tuple(filter(fits, map(self._account, everybody)))
            if hits:
                return tuple(hits)
        return ()

    def create_account(self, attributes: Mapping[str, Value]) -> str:
        """POST /Users (RFC 7644, section 3.3); returns the new account's id."""
        try:
            user: AnyUser = User.model_validate(build(attributes))
        except ValidationError as error:
            reason = "; ".join(str(problem["msg"]) for problem in error.errors())
            raise ConnectorError("creating an account", reason) from None
        body = user.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        created = self._transport.send("POST", "/Users", body)
        if isinstance(created, dict) and created.get("id"):
            return str(created["id"])
        found = self.find(str(attributes["externalId"]), str(attributes["userName"]))
        if len(found) != 1:
            raise Unreachable("creating an account", "it was accepted, but it is not there")
        return found[0].id

    def update_account(self, account_id: str, attributes: Mapping[str, Value]) -> None:
        """PATCH /Users/{id} (section 3.5.2): one replacement per attribute."""
        operations = [
            PatchOperation[AnyUser](op=PatchOperation.Op.replace_, path=path, value=value)
            for path, value in attributes.items()
        ]
        body = PatchOp[AnyUser](operations=operations)
        self._patch("Users", account_id, body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST))

    def create_set_group(self, name: str) -> str:
        """POST /Groups with the set's exact name; returns the group's id."""
        group = Group(display_name=name)
        body = group.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        created = self._transport.send("POST", "/Groups", body)
        if isinstance(created, dict) and created.get("id"):
            return str(created["id"])
        found = self.groups_named(name)
        if len(found) != 1:
            raise Unreachable(f'creating group "{name}"', "it was accepted, but it is not there")
        return found[0]

    def groups_named(self, name: str) -> tuple[str, ...]:
        """The ids of the groups with exactly this displayName."""
        return self.groups([name]).get(name, ())

    def groups(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Per name the ids of the groups with exactly this displayName."""
        listing = read_all(
            self._transport, "Groups", lambda _: None, {"excludedAttributes": "members"}
        )
        found: dict[str, tuple[str, ...]] = {}
        for group in listing.resources:
            name = str(group.get("displayName"))
            if name in names:
                found[name] = (*found.get(name, ()), str(group["id"]))
        return found

    def members(self, group_id: str) -> set[str]:
        """The ids of the accounts in a group."""
        return read_members(self._transport, group_id)

    def add_member(self, group_id: str, account_id: str) -> None:
        """Adds one member; one that is present is not added again, for some store it twice."""
        if account_id in self.members(group_id):
            return
        operation = PatchOperation[Group](
            op=PatchOperation.Op.add, path="members", value=[{"value": account_id}]
        )
        self._patch_group(group_id, operation)

    def remove_member(self, group_id: str, account_id: str) -> None:
        """Removes one member by a filter path; with a value list some servers remove everybody."""
        operation = PatchOperation[Group](
            op=PatchOperation.Op.remove, path=f'members[value eq "{_quoted(account_id)}"]'
        )
        self._patch_group(group_id, operation)

    def _patch_group(self, group_id: str, operation: PatchOperation[Group]) -> None:
        body = PatchOp[Group](operations=[operation])
        self._patch("Groups", group_id, body.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST))

    def _patch(self, kind: str, resource_id: str, body: Json) -> None:
        self._transport.send("PATCH", resource_path(kind, resource_id), body)

    def _search(self, scim_filter: str) -> list[Account] | None:
        """The hits of a filter; None if the server does not know filters."""
        try:
            page = self._transport.get("/Users", {"filter": scim_filter})
        except ScimRefused:
            return None
        return [self._account(user) for user in page.get("Resources") or [] if user.get("id")]

    def _account(self, user: Resource) -> Account:
        paths = dict.fromkeys(["userName", "externalId", *self._paths])
        return Account(
            str(user.get("id")), {path: pick(user, path) for path in paths}, is_active(user)
        )


def _quoted(value: str) -> str:
    """As a string in a SCIM filter (RFC 7644, section 3.4.2.2: JSON strings)."""
    return value.replace("\\", "\\\\").replace('"', '\\"')
