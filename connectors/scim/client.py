"""The vendor as jobs use it: what can be read, and the operations of a plan."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from pydantic import ValidationError
from scim2_models import Context, Group, User

from config.settings import Vendor
from connectors.errors import ConnectorError, Unreachable
from connectors.scim.errors import ScimRefused
from connectors.scim.listing import Query, count_all, read_all, resources_of
from connectors.scim.patch import joining, leaving, quoted, replacement
from connectors.scim.paths import Resource, Value, build, is_active, is_entry, pick
from connectors.scim.read import read_members, read_one, read_target
from connectors.scim.roster import Roster
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
    """What a first contact showed: users and groups that the vendor claims to have.

    `supports` names what /ServiceProviderConfig claims (RFC 7643, section 5: patch, filter,
    bulk, …). It informs a person; servers are known to claim too much and too little.
    """

    users: int
    groups: int
    supports: tuple[str, ...]


class Scim:
    """A SCIM 2.0 client for one vendor; `paths` are the attribute mapping's targets.

    `time_budget` are seconds for all requests together. Every method may raise
    `connectors.errors.Unreachable`, `Unauthorized` and `ScimRefused`; writes may raise
    `OutcomeUnknown`, after which only a read tells what happened.
    """

    def __init__(
        self, vendor: Vendor, paths: Sequence[str], time_budget: float = TIME_BUDGET
    ) -> None:
        self._transport = Transport(vendor, time_budget)
        self._base_url = vendor.base_url
        self._paths = tuple(paths)
        self._roster: Roster | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def probe(self) -> Probe:
        """One user and one group, to see that address and token work."""
        return Probe(
            count_all(self._transport, "Users"),
            count_all(self._transport, "Groups"),
            self._claims(),
        )

    def read(self, sets: Collection[str], advance: Callable[[int], None]) -> Target:
        """Every account, and the members of the groups named exactly like a set."""
        return read_target(self._transport, self._base_url, sets, self._paths, advance)

    def accounts(self) -> dict[str, Account]:
        """Every account by its id; one page of them costs no more than a single one."""
        users = self._all("Users")
        self._roster = Roster(users)
        return {str(user["id"]): self._account(user) for user in users}

    def account(self, account_id: str) -> Account | None:
        """One account, None if there is none."""
        try:
            return self._account(read_one(self._transport, "Users", account_id))
        except ScimRefused as error:
            # Some servers say 500 for what does not exist (RFC 7644 says 404).
            if error.status == 404 or (error.status == 500 and "not exist" in error.why.lower()):
                return None
            raise

    def find(self, external_id: str, user_name: str) -> tuple[Account, ...]:
        """Accounts of this externalId (exactly) or userName (whatever its case).

        Every hit is compared: servers ignore filters, or compare in their own way. Where they
        find nobody, or do not know filters, a list of everybody is asked that is read once; what
        it says is read again before it is told.
        """

        def fits(account: Account) -> bool:
            name = account.attributes.get("userName") or ""
            linked = account.attributes.get("externalId") == external_id
            return linked or name.casefold() == user_name.casefold()

        for attribute, value in (("externalId", external_id), ("userName", user_name)):
            hits = self._search(f'{attribute} eq "{quoted(value)}"')
            if hits is None or not all(map(fits, hits)):  # the filter was refused, or ignored
                break
            if hits:
                return tuple(hits)
        candidates = sorted(self._everybody().matching(external_id, user_name))
        return tuple(filter(fits, filter(None, map(self.account, candidates))))

    def create_account(self, attributes: Mapping[str, Value]) -> str:
        """POST /Users (RFC 7644, section 3.3); returns the new account's id."""
        try:
            user: AnyUser = User.model_validate(build(attributes))
        except ValidationError as error:
            reason = "; ".join(str(problem["msg"]) for problem in error.errors())
            raise ConnectorError("creating an account", reason) from None
        body = user.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        names = str(attributes["externalId"]), str(attributes["userName"])
        created = self._transport.send("POST", "/Users", body)
        if isinstance(created, dict) and created.get("id"):
            account_id = str(created["id"])
            if self._roster:
                self._roster.note(account_id, *names)
            return account_id
        self._roster = None  # it lacks this account, whose id is not known
        found = self.find(*names)
        if len(found) != 1:
            raise Unreachable("creating an account", "it was accepted, but it is not there")
        return found[0].id

    def update_account(self, account_id: str, attributes: Mapping[str, Value]) -> None:
        """PATCH /Users/{id}: one replacement per attribute.

        An entry that is not there cannot be replaced (RFC 7644, section 3.5.2.3). The server then
        refuses the whole request, and the entries that the account lacks are added instead.
        """
        try:
            self._patch("Users", account_id, replacement(attributes))
        except ScimRefused as error:
            account = self.account(account_id) if error.scim_type == "noTarget" else None
            if account is None:
                raise
            lacking = {path for path in attributes if not account.attributes.get(path)}
            absent = set(filter(is_entry, lacking))
            if not absent:
                raise
            self._patch("Users", account_id, replacement(attributes, absent))
        if self._roster and "userName" in attributes:
            self._roster.note(account_id, None, str(attributes["userName"]))

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
        found: dict[str, tuple[str, ...]] = {}
        for group in self._all("Groups", {"excludedAttributes": "members"}):
            name = str(group.get("displayName"))
            if name in names:
                found[name] = (*found.get(name, ()), str(group["id"]))
        return found

    def members(self, group_id: str) -> dict[str, str]:
        """The accounts in a group: per id what the server calls the member."""
        members = read_members(self._transport, group_id)
        return {self._everybody().id_of(member): member for member in members}

    def add_member(
        self, group_id: str, account_id: str, present: Mapping[str, str] | None = None
    ) -> None:
        """Adds one member; one that is present is not added again, for some store it twice.

        `present` are the members where they have just been read.
        """
        if account_id not in (self.members(group_id) if present is None else present):
            self._patch("Groups", group_id, joining(account_id))

    def remove_member(
        self, group_id: str, account_id: str, present: Mapping[str, str] | None = None
    ) -> None:
        """Removes one member, by the name that the server has for it in this group."""
        members = self.members(group_id) if present is None else present
        if account_id in members:
            self._patch("Groups", group_id, leaving(members[account_id]))

    def _patch(self, kind: str, resource_id: str, body: Json) -> None:
        self._transport.send("PATCH", resource_path(kind, resource_id), body)

    def _search(self, scim_filter: str) -> list[Account] | None:
        """The hits of a filter; None if the server does not know filters."""
        try:
            page = self._transport.get("/Users", {"filter": scim_filter})
        except ScimRefused:
            return None
        return [self._account(user) for user in resources_of(page, "Users")]

    def _everybody(self) -> Roster:
        if self._roster is None:
            self._roster = Roster(self._all("Users"))
        return self._roster

    def _all(self, kind: str, query: Query | None = None) -> tuple[Resource, ...]:
        """A whole collection; who is missing from half a one is not known to be absent."""
        listing = read_all(self._transport, kind, lambda _: None, query)
        if listing.because:
            raise Unreachable(f"reading {kind}", listing.because)
        return listing.resources

    def _account(self, user: Resource) -> Account:
        paths = dict.fromkeys(["userName", "externalId", *self._paths])
        return Account(
            str(user.get("id")), {path: pick(user, path) for path in paths}, is_active(user)
        )

    def _claims(self) -> tuple[str, ...]:
        try:
            features = self._transport.get("/ServiceProviderConfig")
        except (ScimRefused, Unreachable):
            return ()
        return tuple(
            sorted(
                name
                for name, feature in features.items()
                if isinstance(feature, dict) and feature.get("supported") is True
            )
        )
