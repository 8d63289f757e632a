"""Membership in the SCIM group of the set's name (RFC 7643, section 4.2): the usual way."""

from collections.abc import Callable, Collection, Mapping, Sequence
from urllib.parse import unquote

from scim2_models import Context
from scim2_models import Group as ScimGroup

from connectors.errors import ConnectorError, Unauthorized, Unreachable
from connectors.ids import is_resource_id
from connectors.scim.capabilities import Capabilities, Feature
from connectors.scim.listing import Resources, read_all, read_one, whole
from connectors.scim.membership import Held, Members
from connectors.scim.patch import joining, leaving
from connectors.scim.paths import Resource
from connectors.scim.roster import Roster
from connectors.scim.transport import Json, Transport, resource_path

WITHOUT_MEMBERS = {"excludedAttributes": "members"}


class Groups:
    """See `Membership`; `everybody` knows which accounts the groups' members are."""

    def __init__(
        self, transport: Transport, can: Capabilities, everybody: Callable[[], Roster]
    ) -> None:
        self._transport = transport
        self._can = can
        self._everybody = everybody

    @property
    def batches(self) -> bool:
        return self._can.may(Feature.BATCH)

    def held(self, users: Resources, sets: Collection[str]) -> Held:
        """With one request more for every group, whether it is a set or not."""
        groups = read_all(self._transport, self._can, "Groups", query=WITHOUT_MEMBERS)
        roster, because = Roster(users), groups.because
        holdings: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        unread: list[str] = []
        for group in groups.resources:
            name = str(group.get("displayName") or group["id"])
            try:
                members = [roster.id_of(one) for one in self._members(str(group["id"]))]
            except Unauthorized:
                raise
            except ConnectorError as error:
                if name in sets:
                    because = because or str(error)
                else:
                    unread.append(name)
            else:
                pairs = holdings if name in sets else others
                pairs += [(name, member) for member in members]
        return Held(
            _by_name(groups.resources, sets),
            tuple(dict.fromkeys(holdings)),
            tuple(dict.fromkeys(others)),
            tuple(dict.fromkeys(unread)),
            because,
        )

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        return _by_name(whole(self._transport, self._can, "Groups", WITHOUT_MEMBERS), names)

    def members(
        self, ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        read = {group: self._members(group) for group in ids}
        return {
            group: {self._everybody().id_of(member): member for member in members}
            for group, members in read.items()
        }

    def create(self, name: str) -> str:
        group = ScimGroup(display_name=name)
        body = group.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        created = self._transport.send("POST", "/Groups", body)
        if isinstance(created, dict) and is_resource_id(created.get("id")):
            return str(created["id"])
        found = self.named([name]).get(name, ())
        if len(found) != 1:
            raise Unreachable(f'creating group "{name}"', "it was accepted, but it is not there")
        return found[0]

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> None:
        patches: list[tuple[str, Json]] = []
        for group, members in lost.items():
            if leavers := [members[at] for at in accounts if at in members]:
                patches.append((group, leaving(*leavers)))
        for group, members in gained.items():
            if joiners := [at for at in accounts if at not in members]:
                patches.append((group, joining(*joiners)))
        for at, (group, body) in enumerate(patches):
            try:
                self._patch(group, body)
            except ConnectorError as error:
                error.halfway = at > 0
                raise

    def _members(self, group: str) -> set[str]:
        """As the server names them, each once however often it stores them."""
        members = read_one(self._transport, "Groups", group).get("members") or []
        if not isinstance(members, list):
            raise Unreachable(f"reading group {group}", "its members are no list")
        said = (_name_of(member) for member in members if isinstance(member, dict))
        return {name for name in said if name}

    def _patch(self, group: str, body: Json) -> None:
        self._transport.send("PATCH", resource_path("Groups", group), body)


def _by_name(groups: Resources, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        name = str(group.get("displayName"))
        if name in names:
            found[name] = (*found.get(name, ()), str(group["id"]))
    return found


def _name_of(member: Resource) -> str:
    """What the server calls it: ``value``, else the end of ``$ref`` (RFC 7643, section 2.4)."""
    ref = str(member.get("$ref") or "")
    return str(member.get("value") or unquote(ref.rstrip("/").rpartition("/")[2]))
