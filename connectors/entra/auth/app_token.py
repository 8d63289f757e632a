"""The app's access token (OAuth 2.0 client credentials), cached by msal until it expires."""

import asyncio
import base64
import os
from collections.abc import Callable
from threading import Lock
from time import sleep
from typing import Any

import msal
import orjson
import requests
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from urllib3.util import Retry

from config.credential import ManagedIdentity
from config.directory import Cloud, DirectorySettings
from config.secret_redaction import held
from config.secret_reference import SecretUnavailable
from connectors.entra.auth.aadsts_hints import PASSING, codes, meaning
from connectors.entra.auth.msal_client_credential import msal_credential
from connectors.errors import NoCredential, Unauthorized, Unreachable
from connectors.http.deadline_adapter import DeadlineAdapter, Patience
from connectors.http.network_cause import network_cause
from connectors.http.network_route import Route, origin
from connectors.http.response_body import Limits
from connectors.http.run_limits import Allowance, NotTaken
from connectors.untrusted_text import excerpt

SECONDS, ANSWER_SECONDS, ON_THIS_MACHINE = 30, 60, 3
"""Timeouts: between two pieces of an answer, for the whole answer, and to connect locally."""

LIMITS = Limits(1 << 20)

WHAT = "signing in to Entra ID"
REDIRECTED = "it redirects to another address, which is not followed"

_OTHER_NAMES = {"login.chinacloudapi.cn": "login.partner.microsoftonline.cn"}
"""China's authority has two names, and its configuration may name the endpoints of the other."""

_PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})

_PROOFS = ("IDENTITY_HEADER", "MSI_SECRET")
"""Variables in which App Service, Service Fabric and Azure ML give a secret, for a header."""

PAUSES = (0.5, 1.0, 2.0)
"""Seconds before asking for a token again after a temporary fault of Entra."""

# A token whose answer was lost does no harm, so POST is repeated, too.
RETRIES = Retry(
    total=3,
    connect=1,
    other=0,
    status_forcelist=_PASSING_STATUSES,
    allowed_methods=None,
    backoff_factor=0.5,
    retry_after_max=60,
    raise_on_status=False,
)


class AppToken(AccessTokenProvider):
    """Gets tokens for Graph's root, and for no other host."""

    def __init__(self, directory: DirectorySettings) -> None:
        self._directory = directory
        self._sign_in: Callable[[], dict[str, Any]] | None = None
        self._one_at_a_time = Lock()

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        """The bearer token; msal answers from its cache while it is valid.

        Raises:
            Unauthorized: Entra gives none; the text has Entra's own AADSTS code.
            Unreachable: the authority does not answer, or not in its own format.
        """
        return await asyncio.to_thread(self._acquire)

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        """Unused by the SDK's bearer provider; `transport` compares the whole origin."""
        return AllowedHostsValidator([])

    def forget(self) -> None:
        """Makes the next token come from Entra itself, not from msal's cache."""
        with self._one_at_a_time:
            self._sign_in = None

    async def roles(self) -> frozenset[str]:
        """The application permissions that the token carries (claim ``roles``)."""
        token = await self.get_authorization_token("")
        try:
            payload = token.split(".")[1]
            claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            return frozenset(claims.get("roles") or ())
        except (IndexError, ValueError, AttributeError):
            raise Unreachable(WHAT, "the token does not show its permissions") from None

    def _acquire(self) -> str:
        try:
            with self._one_at_a_time:
                self._sign_in = self._sign_in or _way_in(self._directory)
                answer = self._sign_in()
        except SecretUnavailable as error:
            raise NoCredential(WHAT, str(error)) from None
        if "access_token" not in answer:
            said = str(answer.get("error_description") or answer.get("error") or "no token given")
            raise Unauthorized(WHAT, 401, excerpt(said) + meaning(said))
        return held(str(answer["access_token"]))


def _way_in(directory: DirectorySettings) -> Callable[[], dict[str, Any]]:
    """The function that signs the app in, or answers from msal's cache while a token is valid."""
    if isinstance(directory.credential, ManagedIdentity):
        return _as_managed_identity(directory, directory.credential)
    return _as_application(directory, msal_credential(directory.credential))


def _as_application(
    directory: DirectorySettings, proven: str | dict[str, Any]
) -> Callable[[], dict[str, Any]]:
    endpoints = directory.endpoints
    try:
        application = msal.ConfidentialClientApplication(
            directory.client_id,
            client_credential=proven,
            authority=f"{endpoints.authority}/{directory.tenant_id}",
            instance_discovery=isinstance(directory.cloud, str),
            http_client=authority_http(endpoints),
        )
    except ValueError:  # from msal, if the authority has no configuration for the tenant
        unknown = f"no tenant {directory.tenant_id} at {endpoints.authority}"
        raise Unauthorized(WHAT, 401, unknown + meaning("AADSTS90002")) from None
    except KeyError:  # nor does it look whether this is one
        raise Unreachable(WHAT, "the authority's configuration has no endpoints") from None
    scope = f"{endpoints.graph}/.default"
    return lambda: dict(application.acquire_token_for_client([scope]))


def authority_http(endpoints: Cloud) -> "_Http":
    """The HTTP client for the authority of a cloud, in the form that msal takes."""
    route = Route(endpoints.authority, "directory.cloud.ca_file", endpoints.ca_file)
    return _Http(route)


def _as_managed_identity(
    directory: DirectorySettings, credential: ManagedIdentity
) -> Callable[[], dict[str, Any]]:
    """Tokens from the machine's own identity endpoint, to which no proxy leads."""
    for name in _PROOFS:
        held(os.environ.get(name, ""))
    session = _InTime()
    session.trust_env = False
    session.max_redirects = 0
    session.mount("http://", _adapter())
    identity = (
        msal.SystemAssignedManagedIdentity()
        if credential.managed_identity == "system"
        else msal.UserAssignedManagedIdentity(client_id=directory.client_id)
    )
    client = msal.ManagedIdentityClient(identity, http_client=session)

    def sign_in() -> dict[str, Any]:
        try:
            return dict(client.acquire_token_for_client(resource=directory.endpoints.graph))
        except (requests.ConnectionError, requests.Timeout):
            raise NoCredential(
                WHAT, "no managed identity answers here; is this a machine in Azure that has one?"
            ) from None
        except requests.TooManyRedirects:
            raise Unreachable(WHAT, REDIRECTED) from None
        except (requests.RequestException, NotTaken) as error:
            raise Unreachable(WHAT, network_cause(error)) from None
        except (AttributeError, TypeError, ValueError):  # msal does not check the answer
            raise Unreachable(WHAT, "the managed identity's answer is no token") from None

    return sign_in


class _InTime(requests.Session):
    """As `_Http`, but a `requests.Session`, which msal needs for some of Azure's machines.

    The endpoint is on the machine itself: if it does not accept at once, there is none. Azure Arc's
    is asked with a key from a file that few may read.
    """

    def request(self, *args: Any, **options: Any) -> requests.Response:
        held(options.get("headers", {}).get("Authorization", "").removeprefix("Basic "))
        return super().request(*args, **{"timeout": (ON_THIS_MACHINE, SECONDS), **options})


class _Http:
    """The HTTP client for msal, which by itself has no timeouts and accepts any answer.

    The app's credential is sent only to the configured authority, whatever endpoint that one names.
    """

    def __init__(self, route: Route) -> None:
        self._route = route
        self._session = route.session(_adapter())

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._answer("GET", url, options)

    def post(self, url: str, **options: Any) -> requests.Response:
        assertion = (options.get("data") or {}).get("client_assertion", b"")
        held(assertion.decode() if isinstance(assertion, bytes) else assertion)
        if not _is_of_the_authority(url, self._route.address):
            there = excerpt(url.partition("?")[0])
            raise Unreachable(WHAT, f"it sends the app to {there}, where no secret of it went")
        for pause in (*PAUSES, None):
            answer = self._answer("POST", url, options)
            said = str(orjson.loads(answer.content).get("error_description"))
            if PASSING.isdisjoint(codes(said)):
                return answer
            if pause is not None:
                sleep(pause)
        raise Unreachable(WHAT, excerpt(said))

    def close(self) -> None:
        self._session.close()

    def _answer(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        try:
            answer = self._session.request(method, url, **{"timeout": SECONDS, **options})
        except (requests.RequestException, NotTaken) as error:
            raise Unreachable(WHAT, self._route.cause(error)) from error
        return _sound(answer)


def _is_of_the_authority(url: str, authority: str) -> bool:
    there, ours = origin(url), origin(authority)
    if there is None or ours is None:
        return False
    return there == ours or there == ours._replace(host=_OTHER_NAMES.get(ours.host, ours.host))


def _adapter() -> DeadlineAdapter:
    return DeadlineAdapter(RETRIES, Patience(ANSWER_SECONDS), LIMITS, Allowance())


def _sound(response: requests.Response) -> requests.Response:
    if response.status_code in _PASSING_STATUSES:
        raise Unreachable(WHAT, f"status {response.status_code}")
    if response.is_redirect:
        raise Unreachable(WHAT, REDIRECTED)
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Unreachable(WHAT, "the answer is not JSON; is a proxy in between?")
    return response
