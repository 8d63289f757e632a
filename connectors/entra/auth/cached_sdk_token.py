"""The token for the SDK's requests: asked for once a minute, not for every page."""

import asyncio
from typing import Any

from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator

from connectors.entra.auth.app_token import AppToken

GOOD_FOR = 60.0
"""Seconds; `AppToken` gives no token that expires so soon."""


class CachedToken(AccessTokenProvider):
    """Asks `AppToken` at most once a minute: that takes a thread, and there are many pages."""

    def __init__(self, token: AppToken) -> None:
        self._token = token
        self._text, self._until = "", 0.0
        self._one_at_a_time = asyncio.Lock()

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        """See `AppToken.get_authorization_token`."""
        clock = asyncio.get_running_loop().time
        async with self._one_at_a_time:
            if clock() >= self._until:
                self._text = await self._token.get_authorization_token(uri)
                self._until = clock() + GOOD_FOR
            return self._text

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        """See `AppToken.get_allowed_hosts_validator`."""
        return self._token.get_allowed_hosts_validator()

    def forget(self) -> None:
        """Makes the next token a new one."""
        self._until = 0.0
        self._token.forget()
