"""Habits of ``active``: how it is shown, and what deactivating somebody does."""

from collections.abc import Callable

from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from connectors.sandbox.habits.habit import Body, Habit, Upstream, id_of, shown
from connectors.sandbox.habits.identity import OfUsers
from connectors.sandbox.habits.lists import found
from connectors.sandbox.habits.members import OfGroups, removal


class ShownActive(OfUsers):
    """Whether somebody is active is stored as it should be, and shown in another way."""

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        return shown(vendor.ask(request), self.show)

    def show(self, user: Body) -> Body:
        """What is shown of an account."""
        raise NotImplementedError


class ActiveNotShown(ShownActive):
    name = "active-not-shown"
    imitates = "`active` is taken and never shown"
    source = "RFC 7643, section 4.1.1, where it is optional"
    does = "believes its own journal, and says once that nothing else can be known"

    def show(self, user: Body) -> Body:
        return {key: value for key, value in user.items() if key != "active"}


class ActiveAsNumber(ShownActive):
    name = "active-as-number"
    imitates = "`active` is shown as 1 and 0"
    source = "A cousin of scim-patch issue 872, in stores without booleans"
    does = "reads 1 and 0 as true and false"

    def show(self, user: Body) -> Body:
        return {**user, "active": int(user.get("active") is not False)}


class ActiveAsText(ShownActive):
    name = "active-as-text"
    imitates = '`active` is shown as "True" and "False"'
    source = "scim-patch issue 872; AzureAD/SCIMReferenceCode issue 21"
    does = "reads the words as true and false, in any case"

    def show(self, user: Body) -> Body:
        return {**user, "active": str(user.get("active") is not False)}


class DeactivationDeletes(OfUsers):
    name = "deactivation-deletes"
    imitates = "active=false deletes the account, which is 404 then, and in no group"
    source = "langfuse issue 13245"
    does = "takes 404 after a deactivation for its success, and makes a new account for a return"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        answer = vendor.ask(request)
        if request.method in {"PATCH", "PUT"}:
            account = id_of(request)
            if vendor.read(request, f"/Users/{account}").get("active") is False:
                for group in groups_of(account, request, vendor):
                    vendor.patch(request, f"/Groups/{group}", removal(account))
                vendor.delete(request, f"/Users/{account}")
        return answer


class ActiveByGroups(OfGroups):
    name = "active-by-groups"
    imitates = "Leaving the last group deactivates an account, and joining one reactivates it"
    source = "A cousin of products where a seat is what makes somebody active"
    does = "reads back after it changed groups, and calls nobody deactivated whom it released"

    def answer(self, request: ScimRequest, vendor: Upstream) -> ScimResponse:
        if request.method not in {"PATCH", "PUT"}:
            return vendor.ask(request)
        before = members_of(request, vendor)
        answer = vendor.ask(request)
        for account in before ^ members_of(request, vendor):
            active = bool(groups_of(account, request, vendor))
            change = {"op": "replace", "path": "active", "value": active}
            vendor.patch(request, f"/Users/{account}", change)
        return answer


def members_of(request: ScimRequest, vendor: Upstream) -> set[str]:
    """The accounts in the group that is meant."""
    group = vendor.read(request, f"/Groups/{id_of(request)}")
    return {str(one["value"]) for one in group.get("members") or ()}


def groups_of(account: str, request: ScimRequest, vendor: Upstream) -> list[str]:
    """The ids of the groups that an account is in."""
    return [
        str(group["id"])
        for group in found(request, vendor, "/Groups")
        if account in {one["value"] for one in group.get("members") or ()}
    ]


ACTIVE: tuple[Callable[[], Habit], ...] = (
    ActiveNotShown,
    ActiveAsNumber,
    ActiveAsText,
    DeactivationDeletes,
    ActiveByGroups,
)
