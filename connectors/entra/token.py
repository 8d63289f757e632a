"""The app's access token (OAuth 2.0 client credentials), cached by msal until it expires."""

import asyncio
import base64
from typing import Any

import msal
import orjson
import requests
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator

from config.secret import SecretUnavailable
from config.settings import Directory
from connectors.errors import Unauthorized, Unreachable, network_cause

CONNECT_SECONDS = 30
WHAT = "signing in to Entra ID"


class AppToken(AccessTokenProvider):
    """Tokens for Graph's root, and for no other host."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._application: msal.ConfidentialClientApplication | None = None

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        """The bearer token; msal answers from its cache while it is valid.

        Raises:
            Unauthorized: Entra gives none; the text has Entra's own AADSTS code.
            Unreachable: the authority does not answer.
        """
        return await asyncio.to_thread(self._acquire)

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        """Unused by the SDK's bearer provider; `transport` compares the whole origin."""
        return AllowedHostsValidator([])

    async def roles(self) -> frozenset[str]:
        """The application permissions that the token carries (claim ``roles``)."""
        token = await self.get_authorization_token("")
        payload = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return frozenset(claims.get("roles") or ())

    def _acquire(self) -> str:
        try:
            if self._application is None:
                self._application = self._sign_in()
            scope = f"{self._directory.endpoints.graph}/.default"
            answer = self._application.acquire_token_for_client([scope])
        except requests.RequestException as error:
            raise Unreachable(WHAT, network_cause(error)) from error
        except ValueError as error:  # msal's word for a tenant or authority that does not exist
            raise Unauthorized(WHAT, 401, _first_line(error)) from None
        if "access_token" not in answer:
            raise Unauthorized(WHAT, 401, _first_line(answer.get("error_description", answer)))
        return str(answer["access_token"])

    def _sign_in(self) -> msal.ConfidentialClientApplication:
        endpoints = self._directory.endpoints
        session = requests.Session()
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
            http_client=_WithTimeout(session),
        )


class _WithTimeout:
    """msal waits for ever unless every call says otherwise."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._session.get(url, **{"timeout": CONNECT_SECONDS, **options})

    def post(self, url: str, **options: Any) -> requests.Response:
        return self._session.post(url, **{"timeout": CONNECT_SECONDS, **options})

    def close(self) -> None:
        self._session.close()


def _first_line(text: object) -> str:
    return (str(text).splitlines() or [""])[0][:300]
