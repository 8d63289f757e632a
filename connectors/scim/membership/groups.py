"""Membership in the SCIM group of the set's name (RFC 7643, section 4.2): the usual way."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TypeAlias
from urllib.parse import unquote

import pyarrow as pa

from connectors.errors import CounterpartError, Unauthorized, Unreachable
from connectors.id_validation import is_resource_id
from connectors.scim.attribute_paths import Resource
from connectors.scim.errors import ScimRefused
from connectors.scim.membership.groups_of_sets import GroupNames, bind, display_name
from connectors.scim.membership.hidden_members import hides, learn_from_absence, learn_from_size
from connectors.scim.membership.member_changes import MemberChanges
from connectors.scim.membership.protocol import Held
from connectors.scim.reading.account_columns import AccountColumns
from connectors.scim.reading.account_index import AccountIndex
from connectors.scim.reading.listing import read_all, read_if_there, read_one, whole
from connectors.scim.reading.previously_seen import Known
from connectors.scim.transport import ScimTransport
from reconciler.model.account import Members
from reconciler.model.capabilities import Capabilities, Feature

WITHOUT_MEMBERS = {"excludedAttributes": "members"}

_Shown: TypeAlias = tuple[str, pa.Array]
"""The name of a group, and the members that it shows, each as the server names it."""

_MEMBER = re.compile(r"\bmembers?\b", re.IGNORECASE)
"""How a refusal says that a group lacks members."""


class GroupMembership:
    """See `Membership`; `everybody` tells which accounts the groups' members are."""

    paths = ()

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

    def held(self, accounts: AccountColumns, sets: Collection[str], known: Known) -> Held:
        """Takes one request for every group, whether it is a set's or not."""
        listed = read_all(self._transport, self._can, "Groups", GroupNames, query=WITHOUT_MEMBERS)
        bound = bind(listed.kept, sets, known, self.name_of)
        because = listed.because
        holdings: list[_Shown] = []
        others: list[_Shown] = []
        unread: list[str] = []
        for group, name in bound.names.items():
            try:
                members = self._members(group)
            except Unauthorized:
                raise
            except CounterpartError as error:
                if name in sets:
                    because = because or str(error)
                else:
                    unread.append(name)
            else:
                shown = pa.array(members, pa.large_string())
                (holdings if name in sets else others).append((name, shown))
        return Held(
            bound.of(sets),
            _table(holdings, self._everybody()),
            _table(others, self._everybody()),
            tuple(dict.fromkeys(unread)),
            because,
            bound.vendor_names,
            bound.pending,
            self._hiding_members(holdings, others),
        )

    def _hiding_members(self, holdings: "list[_Shown]", others: "list[_Shown]") -> tuple[str, ...]:
        sizes = [len(members) for _, members in holdings + others]
        learn_from_size(self._can, max(sizes, default=0))
        return tuple(name for name, members in holdings if hides(self._can, len(members)))

    def name_of(self, group_id: str) -> str | None:
        group = read_if_there(self._transport, "Groups", group_id)
        return display_name(group) if group else None

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        listed = whole(self._transport, self._can, "Groups", GroupNames, WITHOUT_MEMBERS)
        return bind(listed, names).of(names)

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


def _table(shown: list[_Shown], index: AccountIndex) -> pa.Table:
    """One row per name of a group and account in it, each once."""
    names = [pa.repeat(pa.scalar(name, pa.large_string()), len(them)) for name, them in shown]
    members = _joined([them for _, them in shown])
    accounts = index.ids_of(members)
    table = pa.table({"set": _joined(names), "account": accounts})
    if accounts is members and len({name for name, _ in shown}) == len(shown):
        return table
    return table.group_by(table.column_names, use_threads=False).aggregate([])


def _joined(parts: list[pa.Array]) -> pa.Array:
    return pa.chunked_array(parts, pa.large_string()).combine_chunks()


def _name_of(member: Resource) -> str:
    """The id that the server gives: ``value``, else the end of ``$ref`` (RFC 7643, section 2.4)."""
    if named := member.get("value"):
        return str(named)
    return unquote(str(member.get("$ref") or "").rstrip("/").rpartition("/")[2])
