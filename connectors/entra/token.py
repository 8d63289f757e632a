"""The app's access token (OAuth 2.0 client credentials), cached by msal until it expires."""

import asyncio
import base64
from threading import Lock
from typing import Any

import msal
import orjson
import requests
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from config.secret import SecretUnavailable
from config.settings import Directory
from connectors.entra.excerpt import excerpt
from connectors.errors import Unauthorized, Unreachable, network_cause

SECONDS = 30
WHAT = "signing in to Entra ID"

_PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})

# A token that was given and got lost does no harm, so POST is repeated, too.
_RETRIES = Retry(
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
    """Tokens for Graph's root, and for no other host."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._application: msal.ConfidentialClientApplication | None = None
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
        """The next token comes from Entra itself, not out of msal's cache."""
        with self._one_at_a_time:
            self._application = None

    async def roles(self) -> frozenset[str]:
        """The application permissions that the token carries (claim ``roles``)."""
        token = await self.get_authorization_token("")
        try:
            payload = token.split(".")[1]
            claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            return frozenset(claims.get("roles") or ())
        except (IndexError, ValueError, AttributeError):
            raise Unreachable(WHAT, "the token does not tell its permissions") from None

    def _acquire(self) -> str:
        directory = self._directory
        try:
            with self._one_at_a_time:
                self._application = self._application or self._sign_in()
                scope = f"{directory.endpoints.graph}/.default"
                answer = self._application.acquire_token_for_client([scope])
        except requests.RequestException as error:
            raise Unreachable(WHAT, network_cause(error)) from error
        except ValueError:  # msal's word for a tenant without a configuration at the authority
            unknown = f"no tenant {directory.tenant_id} at {directory.endpoints.authority}"
            raise Unauthorized(WHAT, 401, unknown) from None
        if "access_token" not in answer:
            why = answer.get("error_description") or answer.get("error") or "no token was given"
            raise Unauthorized(WHAT, 401, excerpt(why))
        return str(answer["access_token"])

    def _sign_in(self) -> msal.ConfidentialClientApplication:
        endpoints = self._directory.endpoints
        session = requests.Session()
        session.mount("https://", HTTPAdapter(max_retries=_RETRIES))
        if endpoints.ca_file:
            # The environment's CA bundle would take precedence over the configured one.
            session.trust_env = False
            session.verify = str(endpoints.ca_file)
        try:
            secret = self._directory.credential.secret.resolve()
        except SecretUnavailable as error:
            raise Unauthorized(WHAT, 401, str(error)) from None
        return msal.ConfidentialClientApplication(
            self._directory.client_id,
            client_credential=secret,
            authority=f"{endpoints.authority}/{self._directory.tenant_id}",
            instance_discovery=isinstance(self._directory.cloud, str),
            http_client=_Http(session),
        )


class _Http:
    """msal's way out: it would wait for ever, and take whatever comes for an answer."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def get(self, url: str, **options: Any) -> requests.Response:
        return _sound(self._session.get(url, **{"timeout": SECONDS, **options}))

    def post(self, url: str, **options: Any) -> requests.Response:
        return _sound(self._session.post(url, **{"timeout": SECONDS, **options}))

    def close(self) -> None:
        self._session.close()


def _sound(response: requests.Response) -> requests.Response:
    if response.status_code in _PASSING_STATUSES:
        raise Unreachable(WHAT, f"status {response.status_code}")
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Unreachable(WHAT, "the answer is not JSON; is a proxy in between?")
    return response
