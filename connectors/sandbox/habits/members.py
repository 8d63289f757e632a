"""Habits of groups: how members are shown, added and removed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import (
    Body,
    Habit,
    Upstream,
    body_of,
    id_of,
    operations_of,
    refusal,
    shown,
    with_body,
    with_operations,
)
from connectors.sandbox.habits.lists import found

Member: TypeAlias = Body

_BY_FILTER = re.compile(r'members\[value eq "(?P<member>.*)"\]')


def filtered(operation: Body) -> str | None:
    """The member that a path with a filter means."""
    match = _BY_FILTER.fullmatch(operation.get("path") or "")
    return match["member"] if match else None


def renamed(request: ScimRequest, id_of_member: Callable[[str], str]) -> ScimRequest:
    """The request with the ids of those whom a path's filter names in another way."""
    operations = [
        removal(id_of_member(member)) if (member := filtered(one)) else one
        for one in operations_of(request)
    ]
    if not operations:
        return request
    return with_body(request, {**body_of(request), "Operations": operations})


def removal(member: str) -> Body:
    """The operation that removes one member, by a path with a filter."""
    return {"op": "remove", "path": f'members[value eq "{member}"]'}


class OfGroups(Habit):
    """A habit that groups alone have."""

    collection = "Groups"


class ShownMembers(OfGroups):
    """Members are stored as they should be, and shown in another way."""

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def show(group: Body) -> Body:
            if "members" not in group:
                return group
            return {**group, "members": self.show(group["members"], request, vendor)}

        return shown(vendor.ask(request), show)

    def show(self, members: list[Member], request: ScimRequest, vendor: Upstream) -> list[Member]:
        """What is shown of a group's members."""
        raise NotImplementedError


class MembersNeverShown(ShownMembers):
    name = "members-never-shown"
    imitates = "Groups show no members; PATCH adds and removes them"
    source = "AWS IAM Identity Center's guide to GetGroup and ListGroups"
    does = "takes this for a vendor that shows no members, and removes by its own journal alone"

    def show(self, members: list[Member], request: ScimRequest, vendor: Upstream) -> list[Member]:
        return []


@dataclass
class MembersShownInPart(ShownMembers):
    name = "members-shown-in-part"
    imitates = "A group shows its first members (here 100), and nothing tells of the others"
    source = "A cousin of bounded member lists such as Graph's $expand, which gives 20"
    does = "sees that a joiner does not appear, and rests nothing on what is not shown"

    most: int = 100

    def show(self, members: list[Member], request: ScimRequest, vendor: Upstream) -> list[Member]:
        return members[: self.most]


class MemberIdsInCapitals(ShownMembers):
    name = "member-ids-in-capitals"
    imitates = "Groups name in capitals the ids that /Users shows in small letters"
    source = "A cousin of stores that keep GUIDs as such, and format them in two places"
    does = "compares ids without regard to case"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        return super().answer(renamed(request, str.lower), vendor)

    def show(self, members: list[Member], request: ScimRequest, vendor: Upstream) -> list[Member]:
        return [{**one, "value": one["value"].upper()} for one in members]


class MembersByUserName(ShownMembers):
    name = "members-by-user-name"
    imitates = "Groups name their members by userName"
    source = "A cousin of servers over LDAP, where a member is a name"
    does = "knows members by id and by userName"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        def id_of_member(member: str) -> str:
            called = found(request, vendor, "/Users", filter=f'userName eq "{member}"')
            return str(called[0]["id"]) if called else member

        return super().answer(renamed(request, id_of_member), vendor)

    def show(self, members: list[Member], request: ScimRequest, vendor: Upstream) -> list[Member]:
        return [
            {"value": vendor.read(request, f"/Users/{one['value']}").get("userName", one["value"])}
            for one in members
        ]


class MembersByReference(ShownMembers):
    name = "members-by-reference"
    imitates = "Groups name their members by `$ref` alone"
    source = "RFC 7643, section 4.2 (members have a `$ref` beside their `value`)"
    does = "takes the last part of `$ref` for the id"

    def show(self, members: list[Member], request: ScimRequest, vendor: Upstream) -> list[Member]:
        return [{"$ref": f"{request.base_url}/Users/{one['value']}"} for one in members]


class EmptyGroupsVanish(OfGroups):
    name = "empty-groups-vanish"
    imitates = "A group that loses its last member is deleted"
    source = "owncloud/core issue 18379; DefGuard issue 1697"
    does = "takes a group that is gone for one that nobody is in, and makes it when it is needed"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        answer = vendor.ask(request)
        group = f"/Groups/{id_of(request)}"
        if request.method == "PATCH" and not vendor.read(request, group).get("members"):
            vendor.delete(request, group)
        return answer


class LastMemberStays(OfGroups):
    name = "last-member-stays"
    imitates = "400 to whoever removes the last member of a group"
    source = "wheelybird/luminary issue 124 (groupOfUniqueNames needs one)"
    does = "deactivates who must go all the same, and says that the group keeps its last member"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        group = f"/Groups/{id_of(request)}"
        held = {one["value"] for one in vendor.read(request, group).get("members") or ()}
        leaving = set(filter(None, map(filtered, operations_of(request))))
        empties = request.method == "PUT" and not body_of(request).get("members")
        if held and (held <= leaving or empties):
            return refusal(400, "a group has at least one member", "invalidValue")
        return vendor.ask(request)


class GroupsNeedAMember(OfGroups):
    name = "groups-need-a-member"
    imitates = "400 to whoever makes a group without members, or removes the last one"
    source = "RFC 4519, section 3.5 (groupOfNames has a member); wheelybird/luminary issue 124"
    does = "makes a group with whoever joins it first, and says that it keeps its last member"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if request.method == "POST" and not body_of(request).get("members"):
            return refusal(400, "a group has at least one member", "invalidValue")
        return LastMemberStays().answer(request, vendor)


class MembersRemovedByList(OfGroups):
    name = "members-removed-by-list"
    imitates = "Members are removed by a list of values only; a filter in a path is 400"
    source = "SimpleIdServer issue 164; GitHub's example for enterprises"
    does = "tries the list where the filter is refused, and looks whether it removed nobody else"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        operations = operations_of(request)
        if any("[" in (one.get("path") or "") for one in operations):
            return refusal(400, "filters in paths are not supported", "invalidPath")
        by_filter = [
            removal(value["value"])
            for one in operations
            if one["op"].lower() == "remove"
            for value in one.get("value") or ()
        ]
        others = [one for one in operations if one["op"].lower() != "remove"]
        if by_filter:
            return with_operations(request, vendor, by_filter + others)
        return vendor.ask(request)


class MembersCannotBeRemoved(OfGroups):
    name = "members-cannot-be-removed"
    imitates = "No form of removal of a member is understood: 400 invalidPath"
    source = "A cousin of ssoready issue 228, for groups"
    does = "deactivates whoever must go, and says that the group still names them"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        operations = operations_of(request)
        if request.method == "PUT" or any(one["op"].lower() != "add" for one in operations):
            return refusal(400, "only additions are supported", "invalidPath")
        return vendor.ask(request)


class RemovalIgnored(OfGroups):
    name = "removal-ignored"
    imitates = "Removing a member by a filter is answered by 204, and removes nobody"
    source = "SimpleIdServer issue 164; langwatch issue 7140"
    does = "reads back, and removes by a form that has an effect, at last by PUT of those who stay"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        kept = [one for one in operations_of(request) if not filtered(one)]
        if request.method == "PATCH":
            return with_operations(request, vendor, kept)
        return vendor.ask(request)


class MembersNeverRemoved(OfGroups):
    name = "members-never-removed"
    imitates = "Every form of removal is answered by a success, and removes nobody"
    source = "A cousin of langwatch issue 7140, for all forms at once"
    does = "takes a success without effect for a refusal, and asks ever more rarely (V10, then V18)"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if request.method == "PUT":
            held = vendor.read(request, f"/Groups/{id_of(request)}").get("members") or []
            body = body_of(request)
            stay = [one for one in held if one not in (body.get("members") or [])]
            members = [*(body.get("members") or []), *stay]
            return vendor.ask(with_body(request, {**body, "members": members}))
        if request.method == "PATCH":
            kept = [one for one in operations_of(request) if one["op"].lower() != "remove"]
            return with_operations(request, vendor, kept)
        return vendor.ask(request)


class RemovalsByIndex(OfGroups):
    name = "removals-by-index"
    imitates = "Several removals in one PATCH go by index, and indexes shift: others are removed"
    source = "FusionAuth/fusionauth-issues issue 2834"
    does = "compares the whole group afterwards, puts back who was lost, and removes singly then"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        operations = operations_of(request)
        leaving = [member for one in operations if (member := filtered(one))]
        if len(leaving) < 2:
            return vendor.ask(request)
        group = vendor.read(request, f"/Groups/{id_of(request)}")
        left = [one["value"] for one in group.get("members") or ()]
        indexes = sorted(left.index(member) for member in leaving if member in left)
        hit = [left.pop(index) for index in indexes if index < len(left)]
        others = [one for one in operations if not filtered(one)]
        return with_operations(request, vendor, [*map(removal, hit), *others])


MEMBERS: tuple[Callable[[], Habit], ...] = (
    MembersNeverShown,
    MembersShownInPart,
    MemberIdsInCapitals,
    MembersByUserName,
    MembersByReference,
    EmptyGroupsVanish,
    LastMemberStays,
    GroupsNeedAMember,
    MembersRemovedByList,
    MembersCannotBeRemoved,
    RemovalIgnored,
    MembersNeverRemoved,
    RemovalsByIndex,
)
