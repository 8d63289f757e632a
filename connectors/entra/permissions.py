"""The app's permissions in the tenant, and what they let it see: for `seatsync check --online`."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder,
)

from config.credential import ClientCertificate, ClientSecret
from config.directory import DirectorySettings
from config.field_types import is_guid
from config.secret_reference import SecretUnavailable
from connectors.entra.auth.app_token import AppToken
from connectors.entra.reading.find_set_groups import quote
from connectors.entra.reading.sign_ins import are_there_sign_ins
from connectors.entra.transport import FORBIDDEN, GraphTransport
from connectors.errors import CounterpartError, NoCredential, Refused, Unauthorized
from connectors.secrets.read_and_write import read_secret
from reconciler.model.group_read import GroupRead

HINT = 3
"""Characters of a secret that Graph shows."""

HIDDEN, SEES_HIDDEN = "HiddenMembership", "Member.Read.Hidden"
"""A group's ``visibility`` (Graph: group), and the permission that sees through it."""

SEES_APPLICATIONS = "Application.Read.All"
"""The permission that shows the app's own registration."""

SEES_SIGN_INS = "AuditLog.Read.All"
"""The permission to read who signed in."""

NEEDED_ROLES = frozenset({"GroupMember.Read.All", "User.Read.All"})

SsoQuery = ServicePrincipalsRequestBuilder.ServicePrincipalsRequestBuilderGetQueryParameters
AppQuery = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters

T = TypeVar("T")


@dataclass(frozen=True)
class Access:
    """`roles` are the application permissions of the token. None: they do not allow to see it.

    `single_sign_on` are the modes (saml, oidc, … or "" for none) of the enterprise applications of
    the configured name. `expires` is the last day of the app's own credential, None also if it has
    no such day. `signed_in` says whether anybody signed in to it lately; `no_sign_ins` why that
    cannot be read, or "".
    """

    roles: frozenset[str]
    single_sign_on: tuple[str, ...] | None
    expires: date | None
    signed_in: bool = False
    no_sign_ins: str = ""


async def read_access(
    transport: GraphTransport, token: AppToken, directory: DirectorySettings
) -> Access:
    """Asks for each thing separately, so that one missing permission hides nothing else.

    Raises:
        CounterpartError: the credential is not accepted, or Graph does not answer.
    """
    signed_in, no_sign_ins = await _signed_in(transport, directory)
    return Access(
        await token.roles(),
        await _if_allowed(_single_sign_on(transport, directory.enterprise_app)),
        await credential_end(transport, token, directory),
        signed_in,
        no_sign_ins,
    )


async def credential_end(
    transport: GraphTransport, token: AppToken, directory: DirectorySettings
) -> date | None:
    """The last day of the app's own credential, None if it has none or it may not be read.

    A certificate has it; for a secret it is in the app registration, which is read if the token
    allows it.

    Raises:
        CounterpartError: the credential cannot be read, or Graph does not answer.
    """
    credential = directory.credential
    try:
        if isinstance(credential, ClientCertificate):
            from connectors.entra.auth.certificate import read_certificate

            return read_certificate(credential).expires.date()
        if isinstance(credential, ClientSecret) and SEES_APPLICATIONS in await token.roles():
            hint = read_secret(credential.secret)[:HINT]
            return await _if_allowed(_secret_expires(transport, directory.client_id, hint))
    except SecretUnavailable as error:
        raise NoCredential("reading the credential", str(error)) from None
    return None


def is_hidden(read: GroupRead) -> bool:
    """Whether the group shows its members only to apps with Member.Read.Hidden."""
    return read.group is not None and read.group.visibility == HIDDEN


async def _if_allowed(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except Refused as error:
        if error.status != FORBIDDEN:
            raise
        return None


async def _signed_in(transport: GraphTransport, directory: DirectorySettings) -> tuple[bool, str]:
    """See `Access`; nothing else depends on it, so it is no error that Graph says no."""
    if not directory.sign_ins:
        return False, ""
    try:
        return await are_there_sign_ins(transport, str(directory.enterprise_app)), ""
    except Unauthorized:
        raise
    except CounterpartError as error:
        return False, str(error)


async def _single_sign_on(transport: GraphTransport, name: str | None) -> tuple[str, ...]:
    """Graph: servicePrincipal, property ``preferredSingleSignOnMode``."""
    if name is None:
        return ()
    request = transport.graph.service_principals.to_get_request_information(
        RequestConfiguration(
            query_parameters=SsoQuery(
                filter=f"{'appId' if is_guid(name) else 'displayName'} eq {quote(name)}",
                select=["id", "displayName", "preferredSingleSignOnMode"],
            )
        )
    )
    found = await transport.resources(request)
    modes = [str(item.get("preferredSingleSignOnMode") or "") for item in found]
    return tuple("" if mode == "notSupported" else mode for mode in modes)


async def _secret_expires(transport: GraphTransport, client_id: str, hint: str) -> date | None:
    """Graph: application, property ``passwordCredentials``."""
    request = transport.graph.applications.to_get_request_information(
        RequestConfiguration(
            query_parameters=AppQuery(
                filter=f"appId eq {quote(client_id)}", select=["id", "passwordCredentials"]
            )
        )
    )
    found = await transport.resources(request)
    secrets = [one for item in found for one in item.get("passwordCredentials") or ()]
    days = [_day(one.get("endDateTime")) for one in secrets if one.get("hint") == hint]
    # The secret was accepted just now, so it is not one of those that have expired.
    return min((day for day in days if day and day >= date.today()), default=None)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[: len("2026-11-24")])
    except ValueError:
        return None
