"""What the authority publishes of a tenant: its endpoints for signing in, and its signing keys.

OpenID Connect Discovery 1.0 and RFC 7517 (Microsoft identity platform, "OpenID Connect"). It is
read every time: stored keys could be forged by anybody who can write where they are stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jwt import PyJWK, PyJWTError

from config.directory import DirectorySettings
from connectors.entra.auth.app_token import WHAT, authority_http
from connectors.errors import Unreachable
from connectors.http.json_answer import json_of

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint")


@dataclass(frozen=True)
class Authority:
    """`issuer` and `keys` (by `kid`) are those of ID tokens; `endpoints` have OpenID's names."""

    issuer: str
    endpoints: Mapping[str, str]
    keys: Mapping[str, PyJWK]


def authority_of(directory: DirectorySettings) -> Authority:
    """The tenant's authority, as it publishes itself at this moment.

    Raises:
        Unreachable: it does not answer, or what it publishes is not of this tenant.
    """
    tenant = f"{directory.endpoints.authority}/{directory.tenant_id}"
    published = _asked(directory, f"{tenant}/v2.0/.well-known/openid-configuration")
    issuer = str(published.get("issuer"))
    # China's has another name than the host that is asked; the tenant is always in it.
    if not issuer.endswith(f"/{directory.tenant_id}/v2.0"):
        raise Unreachable(WHAT, "the authority's configuration is not of this tenant")
    keys = _asked(directory, _encrypted(published.get("jwks_uri"))).get("keys")
    endpoints = {name: _encrypted(published.get(name)) for name in _ENDPOINTS}
    return Authority(issuer, endpoints, _rsa_keys(keys))


def _asked(directory: DirectorySettings, url: str) -> dict[str, Any]:
    response = authority_http(directory.endpoints).get(url)
    if response.status_code != 200:
        raise Unreachable(WHAT, f"status {response.status_code} instead of its configuration")
    return dict(json_of(response.content))


def _encrypted(url: object) -> str:
    if not isinstance(url, str) or urlsplit(url).scheme != "https":
        raise Unreachable(WHAT, "the authority's configuration has no endpoints")
    return url


def _rsa_keys(published: object) -> dict[str, PyJWK]:
    """The published RSA keys by `kid`; other keys are ignored, since Entra signs only with RSA."""
    keys = {}
    for one in published if isinstance(published, list) else []:
        if isinstance(one, dict) and one.get("kty") == "RSA" and one.get("use", "sig") == "sig":
            try:
                keys[str(one.get("kid"))] = PyJWK(one, algorithm="RS256")
            except PyJWTError:
                continue  # a token that names it is refused, as of an unknown key
    return keys
