"""The vendor's SCIM 2.0 endpoint: scim2-server's protocol over a storage that knows the portal.

The library brings the whole protocol (filters, PATCH, paging, errors, ETags). Ours are the rules:
who may connect, and what a change of a group or a user means for sets and seats. While the
portal's switch is off, whatever is asked of groups is accepted and ignored.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Union

from scim2_models import (
    ConflictException,
    ForbiddenException,
    Group,
    ListResponse,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    ScimProvider,
    SearchRequest,
    UnauthorizedException,
)
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.utils import load_default_provider, parametrize

from connectors.sandbox.admin_portal import Account, NoSeatError, OtherSetError, Portal
from connectors.sandbox.habits.habit import Habit, Upstream, with_habits
from connectors.sandbox.request_log import Write, WriteLedger

LARGEST_PAGE = 100
"""Resources in one answer, whatever a client asks for."""


class VendorStorage(InMemoryStorage):
    """Keeps resources in memory; every change of a group passes through the portal first.

    What a server says to a write that it ignores is what it would have said.
    """

    def __init__(self, portal: Portal, ledger: WriteLedger) -> None:
        super().__init__(clock=portal.clock)
        self._portal = portal
        self._portal.in_group = self._in_group
        self._portal.accounts = self._accounts
        self._ledger = ledger

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        with self.lock:
            if self._ignores(resource_type):
                ignored = super().create(resource_type, resource)
                super().delete(resource_type, str(ignored.id))
                return ignored
            if _is_group(resource_type):
                self._portal_assigns(_name(resource), _member_ids(resource), set())
            created = super().create(resource_type, resource)
            self._record("create", created, set())
            return created

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        with self.lock:
            before = self.get(resource_type, str(resource.id))
            held = _member_ids(before)
            if self._ignores(resource_type):
                return before
            if _is_group(resource_type):
                self._regroup(before, resource)
            updated = super().update(resource_type, resource, expected_version=expected_version)
            self._record("update", updated, held)
            return updated

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        with self.lock:
            before = self.get(resource_type, resource_id)
            if self._ignores(resource_type):
                return
            if _is_group(resource_type):
                self._portal_assigns(_name(before), set(), _member_ids(before))
            super().delete(resource_type, resource_id, expected_version=expected_version)
            if not _is_group(resource_type):
                self._leave_everything(resource_id)
            self._record("delete", before, set())

    def _ignores(self, resource_type: ResourceType) -> bool:
        return _is_group(resource_type) and not self._portal.managed_through_idp

    def _in_group(self, name: str) -> set[str]:
        groups = [group for group in self.resources if getattr(group, "display_name", "") == name]
        return {member for group in groups for member in _member_ids(group)}

    def _accounts(self) -> list[Account]:
        return [_account(one) for one in self.resources if hasattr(one, "user_name")]

    def _leave_everything(self, user: str) -> None:
        """Who is deleted holds no set and is in no group (RFC 7643, section 4.2: members are)."""
        self._portal.forget(user)
        for resource in self.resources:
            members = getattr(resource, "members", None) or []
            members[:] = [member for member in members if member.value != user]

    def _regroup(self, before: Resource[Any], after: Resource[Any]) -> None:
        """A group of another name is that of another set."""
        old, new = _member_ids(before), _member_ids(after)
        if _name(before) == _name(after):
            self._portal_assigns(_name(after), new - old, old - new)
            return
        self._portal_assigns(_name(before), set(), old)
        try:
            self._portal_assigns(_name(after), new, set())
        except SCIMException:
            self._portal_assigns(_name(before), old, set())
            raise

    def _portal_assigns(self, name: str, joining: set[str], leaving: set[str]) -> None:
        try:
            self._portal.assign(name, joining, leaving)
        except NoSeatError as error:
            raise ForbiddenException(detail=str(error)) from error
        except OtherSetError as error:
            raise ConflictException(detail=str(error)) from error

    def _record(self, action: str, resource: Resource[Any], before: set[str]) -> None:
        after = _member_ids(resource)
        self._ledger.wrote(
            Write(
                action,
                type(resource).__name__,
                str(resource.id),
                _name(resource),
                tuple(sorted(after - before)),
                tuple(sorted(before - after)),
                self._portal.used(),
            )
        )


class VendorApplication(WSGIApplication):
    """Serves whoever brings the current API token, with these habits."""

    def __init__(self, portal: Portal, ledger: WriteLedger, habits: Sequence[Habit] = ()) -> None:
        super().__init__(VendorStorage(portal, ledger), _provider())
        _messages()
        self._portal = portal
        self._ledger = ledger
        self._vendor = with_habits(habits, Upstream(self._answer, portal))

    def dispatch_request(self, request: ScimRequest) -> ScimResponse:
        """One request at a time: a habit may need several of its own, undisturbed."""
        with self.storage.operation():
            return self._vendor.ask(request)

    def check_auth(self, request: ScimRequest) -> None:
        """An expired or replaced token is refused (the guide, prerequisites)."""
        scheme, _, token = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not self._portal.accepts(token):
            raise UnauthorizedException(detail="the API token is invalid or expired")

    def finalize_response(self, request: ScimRequest, response: ScimResponse) -> ScimResponse:
        """Counts every request, whatever became of it."""
        self._ledger.asked(request.method, request.path)
        return super().finalize_response(request, response)

    def _answer(self, request: ScimRequest) -> ScimResponse:
        """The response of the well-behaved vendor, errors included."""
        try:
            return super().dispatch_request(request)
        except Exception as error:
            return self.handle_exception(request, error)


@cache
def _provider() -> ScimProvider:
    """What the vendor says of itself; its models are built once, for all vendors of a process."""
    provider = load_default_provider()
    if provider.config and provider.config.filter:
        provider.config.filter.max_results = LARGEST_PAGE
    return provider


@cache
def _messages() -> list[type]:
    """What requests and answers are read as. The library asks for these models at each of them, and
    pydantic builds one anew that nobody holds any more; that would take longer than the answer.
    """
    provider = _provider()
    models = [provider.model_for(kind) for kind in provider.resource_types]
    of_one = (PatchOp, ResponseParameters, SearchRequest)
    of_all = (ListResponse, SearchRequest)
    everything: Any = Union[tuple(models)]  # noqa: UP007 - of a tuple
    return [
        *(parametrize(message, model) for message in of_one for model in models),
        *(parametrize(message, everything) for message in of_all),
    ]


def _account(user: Any) -> Account:
    """Of a model that the library builds from the schema of users (RFC 7643, section 4.1)."""
    name = user.name
    called = " ".join(filter(None, (name.given_name, name.family_name))) if name else ""
    active = user.active is not False
    return Account(str(user.id), user.user_name or "", user.display_name or called, active)


def _is_group(resource_type: ResourceType) -> bool:
    return resource_type.name == Group.__name__


def _name(resource: Resource[Any]) -> str:
    name = getattr(resource, "user_name", None) or getattr(resource, "display_name", None)
    return name or ""


def _member_ids(resource: Resource[Any]) -> set[str]:
    return {str(member.value) for member in getattr(resource, "members", None) or ()}
