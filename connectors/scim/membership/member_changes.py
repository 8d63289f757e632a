"""Adds and removes members of a group, in a form that this server takes (RFC 7644, 3.5.2).

Servers understand some of the RFC's forms, or accept others and do nothing; with a list of values
some remove all members. So a form is tried with one member, the group is read, and what works is
remembered; members who vanished as well are put back. If groups do not show their members, the
usual form is taken to work.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from connectors.errors import CounterpartError
from connectors.scim.attribute_paths import pick
from connectors.scim.dialect.seat_refusals import no_seat
from connectors.scim.errors import NO_PATCH, ScimRefused
from connectors.scim.patch import joining, joining_bare, leaving, leaving_by_list
from connectors.scim.reading.listing import read_one
from connectors.scim.transport import Json, ScimTransport, resource_path
from reconciler.model.account import Members
from reconciler.model.capabilities import Capabilities, Feature

PRECONDITION_REQUIRED = 428  # RFC 6585, section 3

Read: TypeAlias = Callable[[str], Members]


class Leave(StrEnum):
    """Members are removed each by a filter path, by a list of values, or by PUT of the rest."""

    FILTER = "leave by filter"
    LIST = "leave by list"
    PUT = "leave by put"


class Join(StrEnum):
    """Members are added with a path, without one, with ``$ref``, or by PUT of all members."""

    PATH = "join by path"
    BARE = "join without path"
    REF = "join with $ref"
    PUT = "join by put"


_PUTS = {Leave.PUT, Join.PUT}

_MAY_BE_THE_FORM = {400, 422, *NO_PATCH}


@dataclass(frozen=True)
class _Change:
    """Accounts of a group: its members before and after, and those to add or remove."""

    stay: frozenset[str]
    lost: frozenset[str] = frozenset()
    gained: frozenset[str] = frozenset()


class MemberChanges:
    """`read` gives the accounts in a group, and the member id that the server gives each."""

    def __init__(self, transport: ScimTransport, can: Capabilities, read: Read) -> None:
        self._transport = transport
        self._can = can
        self._read = read
        self._in_vain: set[type[StrEnum]] = set()

    def leave(self, group: str, accounts: Sequence[str], before: Members) -> bool:
        """`before` are all members, as they have just been read.

        True if the group was read afterwards and is as asked.

        Raises:
            ScimRefused: in every form that may be tried.
        """
        names = [before[account] for account in accounts]
        lost = frozenset(accounts)
        return self._change(Leave, group, names, _Change(frozenset(before) - lost, lost=lost))

    def join(self, group: str, accounts: Sequence[str], before: Members) -> bool:
        """See `leave`."""
        gained = frozenset(accounts)
        return self._change(Join, group, accounts, _Change(frozenset(before), gained=gained))

    def _change(
        self, forms: type[StrEnum], group: str, names: Sequence[str], change: _Change
    ) -> bool:
        known = next((form for form in forms if self._can.surely(form)), None)
        usual = next(iter(forms))
        if known or len(names) > 1 or forms in self._in_vain or not self._can.may(Feature.MEMBERS):
            self._ask(known or usual, group, names)
            return False
        cut = _may_be_cut(len(change.stay) + len(change.lost))
        return self._tried([usual] if cut else list(forms), group, names, change)

    def _tried(
        self, forms: Sequence[StrEnum], group: str, names: Sequence[str], change: _Change
    ) -> bool:
        """Tries one form after the other, until one does what is asked."""
        refusal: ScimRefused | None = None
        lacks_patch = not self._can.may(Feature.PATCH)
        for form in forms:
            if not self._can.may(form) or not _is_to_be_tried(form, lacks_patch):
                continue
            try:
                self._ask(form, group, names)
            except ScimRefused as error:
                refusal = refusal or error
                if error.status not in _MAY_BE_THE_FORM or no_seat(error, ()):
                    break
                if error.status in NO_PATCH:
                    if lacks_patch:
                        self._can.learn(Feature.CHANGES, works=False)
                    lacks_patch |= form not in _PUTS
                continue
            if (right := self._is_right(form, group, change)) is not False:
                if right and lacks_patch:
                    self._can.learn(Feature.PATCH, works=False)
                    self._can.learn(Feature.CHANGES, works=True)
                return bool(right)
        self._in_vain.add(type(forms[0]))
        if refusal:
            raise refusal
        return False

    def _is_right(self, form: StrEnum, group: str, change: _Change) -> bool | None:
        """Whether the group is as it should be, None if it cannot be read.

        Members who are missing though nobody removed them are put back. That the form removes
        nobody else is only known if the group has other members.
        """
        try:
            now = self._read(group).keys()
        except CounterpartError:  # nothing is learned; the caller reads it back as well
            return None
        if missing := sorted(change.stay - now):
            self._can.learn(form, works=False)
            self._ask(Join.PATH, group, missing)
            return False
        right = change.gained <= now and change.lost.isdisjoint(now)
        if right and (change.stay or change.gained):
            self._can.learn(form, works=True)
        return right

    def _ask(self, form: StrEnum, group: str, names: Sequence[str]) -> None:
        match form:
            case Leave.FILTER:
                self._send("PATCH", group, leaving(*names))
            case Leave.LIST:
                self._send("PATCH", group, leaving_by_list(*names))
            case Join.PATH:
                self._send("PATCH", group, joining(*names))
            case Join.BARE:
                self._send("PATCH", group, joining_bare(*names))
            case Join.REF:
                users = self._transport.url_of("/Users/")
                self._send("PATCH", group, joining(*names, at=users))
            case _:
                self._put(group, names, joins=isinstance(form, Join))

    def _put(self, group: str, names: Sequence[str], *, joins: bool) -> None:
        """PUT of the group as it is now, with or without these members (section 3.5.1)."""
        now = read_one(self._transport, "Groups", group)
        listed = [one for one in now.get("members") or () if isinstance(one, dict)]
        if _may_be_cut(len(listed)):
            raise CounterpartError(
                f"changing group {group} with PUT",
                f"it shows {len(listed)} members, which may not be all: others would be taken out",
            )
        members = [one for one in listed if one.get("value") not in names]
        members += [{"value": name} for name in names] if joins else []
        self._send("PUT", group, {**now, "members": members})

    def _send(self, method: str, group: str, body: Json) -> None:
        """Sends the group's current version along if the server insists on one."""
        path = resource_path("Groups", group)
        try:
            self._transport.send(method, path, body)
        except ScimRefused as error:
            if error.status != PRECONDITION_REQUIRED:
                raise
            version = pick(read_one(self._transport, "Groups", group), "meta.version")
            self._transport.send(method, path, body, version=version or "*")


def _is_to_be_tried(form: StrEnum, lacks_patch: bool) -> bool:
    """PUT only if PATCH is not supported; or to remove members, if no form of PATCH does."""
    if lacks_patch:
        return form in _PUTS
    return form is not Join.PUT


def _may_be_cut(members: int) -> bool:
    """Whether this may be the most that the server shows of a group: a round number."""
    return members >= 20 and members % 10 == 0
