"""Membership in the SCIM group of the set's name (RFC 7643, section 4.2): the usual way."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from urllib.parse import unquote

from connectors.errors import CounterpartError, Unauthorized, Unreachable
from connectors.id_validation import is_resource_id
from connectors.scim.attribute_paths import Resource
from connectors.scim.errors import ScimRefused
from connectors.scim.membership.groups_of_sets import bind, display_name
from connectors.scim.membership.hidden_members import hides, learn_from_absence, learn_from_size
from connectors.scim.membership.member_changes import MemberChanges
from connectors.scim.membership.protocol import Held
from connectors.scim.reading.account_index import AccountIndex
from connectors.scim.reading.listing import Resources, read_all, read_if_there, read_one, whole
from connectors.scim.reading.previously_seen import Known
from connectors.scim.transport import ScimTransport
from reconciler.model.account import Members
from reconciler.model.capabilities import Capabilities, Feature

WITHOUT_MEMBERS = {"excludedAttributes": "members"}

_MEMBER = re.compile(r"\bmembers?\b", re.IGNORECASE)
"""How a refusal says that a group lacks members."""


class GroupMembership:
    """See `Membership`; `everybody` tells which accounts the groups' members are."""

    def __init__(
        self, transport: ScimTransport, can: Capabilities, everybody: Callable[[], AccountIndex]
    ) -> None:
        self._transport = transport
        self._can = can
        self._everybody = everybody
        self._changes = MemberChanges(transport, can, lambda group: self.members([group])[group])

    @property
    def batches(self) -> bool:
        return self._can.may(Feature.BATCH)

    def held(self, users: Resources, sets: Collection[str], known: Known) -> Held:
        """Takes one request for every group, whether it is a set's or not."""
        listed = read_all(self._transport, self._can, "Groups", query=WITHOUT_MEMBERS)
        bound = bind(listed.resources, sets, known, self.name_of)
        index, because = self._everybody(), listed.because
        holdings: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        unread: list[str] = []
        sizes: dict[str, int] = {}
        for group, name in bound.names.items():
            try:
                members = [index.id_of(one) for one in self._members(group)]
            except Unauthorized:
                raise
            except CounterpartError as error:
                if name in sets:
                    because = because or str(error)
                else:
                    unread.append(name)
            else:
                pairs = holdings if name in sets else others
                pairs += [(name, member) for member in members]
                sizes[name] = len(set(members))
        return Held(
            bound.of(sets),
            tuple(dict.fromkeys(holdings)),
            tuple(dict.fromkeys(others)),
            tuple(dict.fromkeys(unread)),
            because,
            bound.vendor_names,
            bound.pending,
            self._hiding_members(sizes, sets),
        )

    def _hiding_members(self, sizes: Mapping[str, int], sets: Collection[str]) -> tuple[str, ...]:
        learn_from_size(self._can, max(sizes.values(), default=0))
        return tuple(
            name for name, size in sizes.items() if name in sets and hides(self._can, size)
        )

    def name_of(self, group_id: str) -> str | None:
        group = read_if_there(self._transport, "Groups", group_id)
        return display_name(group) if group else None

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        return bind(whole(self._transport, self._can, "Groups", WITHOUT_MEMBERS), names).of(names)

    def members(
        self, ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        read = {group: self._members(group) for group in ids}
        return {
            group: {self._everybody().id_of(member): member for member in members}
            for group, members in read.items()
        }

    def hides(self, members: Members) -> bool:
        return hides(self._can, len(members))

    def learn_from_absence(self, set_id: str, members: Members, account: str) -> None:
        learn_from_absence(self._transport, self._can, set_id, members, account)

    def create(self, name: str, members: Sequence[str] = ()) -> str | None:
        # Imported here: who only reads needs no models.
        from scim2_models import Context, Group

        body = Group(display_name=name).model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        if members:
            body["members"] = [{"value": account} for account in members]
        try:
            created = self._transport.send("POST", "/Groups", body)
        except ScimRefused as error:
            if not members and error.status in {400, 422} and _MEMBER.search(error.why):
                self._can.learn(Feature.EMPTY_GROUPS, works=False)
            raise
        named = isinstance(created, dict) and is_resource_id(created.get("id"))
        return str(created["id"]) if named else None

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        changes: list[Callable[[], bool]] = []
        for group, members in lost.items():
            known = {at: at for at in accounts} | dict(members) if self.hides(members) else members
            if leavers := [at for at in accounts if at in known]:
                changes.append(partial(self._changes.leave, group, leavers, known))
        for group, members in gained.items():
            if joiners := [at for at in accounts if at not in members]:
                changes.append(partial(self._changes.join, group, joiners, members))
        verified = []
        for at, change in enumerate(changes):
            try:
                verified.append(change())
            except CounterpartError as error:
                error.halfway = at > 0
                raise
        return bool(verified) and all(verified)

    def _members(self, group: str) -> set[str]:
        """The members as the server names them, each once, even if it stores one twice."""
        members = read_one(self._transport, "Groups", group).get("members") or []
        if not isinstance(members, list):
            raise Unreachable(f"reading group {group}", "its members are no list")
        said = (_name_of(member) for member in members if isinstance(member, dict))
        return {name for name in said if name}


def _name_of(member: Resource) -> str:
    """The id that the server gives: ``value``, else the end of ``$ref`` (RFC 7643, section 2.4)."""
    ref = str(member.get("$ref") or "")
    return str(member.get("value") or unquote(ref.rstrip("/").rpartition("/")[2]))
