"""Verifies that an ID token proves a person's approval (OpenID Connect Core 1.0, 3.1.3.7).

Claims: Microsoft identity platform, "ID token claims reference".
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from connectors.entra.auth.openid_configuration import Authority

LEEWAY = timedelta(minutes=5)
"""Accepted difference between this machine's clock and Entra's."""

_CLAIMS = ["iss", "aud", "iat", "exp", "tid", "oid"]

_REASONS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.InvalidAlgorithmError, "it is not signed with RS256, as Entra's are"),
    (jwt.InvalidSignatureError, "its signature is not the authority's"),
    (jwt.InvalidIssuerError, "another authority or tenant issued it"),
    (jwt.InvalidAudienceError, "it was issued to another app"),
    (jwt.MissingRequiredClaimError, "a claim is missing"),
)


class NotVerified(Exception):
    """Why a token proves nothing, in words that follow "the ID token is not valid: "."""


@dataclass(frozen=True)
class Expected:
    """What a token must say. `nonce` is None where the sign-in could not carry one."""

    tenant_id: str
    client_id: str
    nonce: str | None
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class SignedIn:
    """Who signed in: the user's object id, and the user principal name as Entra wrote it."""

    object_id: str
    name: str


def verified(token: str, authority: Authority, expected: Expected) -> SignedIn:
    """Who signed in, if the token is as expected.

    It may have expired since: only the time when it was issued counts.

    Raises:
        NotVerified: it is not.
    """
    claims = _signed(token, authority, expected.client_id)
    if str(claims["tid"]).lower() != expected.tenant_id:
        raise NotVerified("it is of another tenant")
    if expected.nonce is not None and claims.get("nonce") != expected.nonce:
        raise NotVerified("it was issued for something else than this approval (nonce)")
    _check_time(_moment(claims["iat"]), expected)
    return SignedIn(str(claims["oid"]).lower(), str(claims.get("preferred_username") or ""))


def _signed(token: str, authority: Authority, client_id: str) -> dict[str, Any]:
    try:
        key = authority.keys.get(str(jwt.get_unverified_header(token).get("kid")))
        if key is None:
            raise NotVerified("the authority publishes no such key")
        return jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=client_id,
            issuer=authority.issuer,
            options={
                "require": _CLAIMS,
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                # When it was issued counts, and is compared with the plan's life; its end does not.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as error:
        said = (words for kind, words in _REASONS if isinstance(error, kind))
        raise NotVerified(next(said, "it is no signed token")) from None


def _check_time(issued: datetime, expected: Expected) -> None:
    early, late = issued < expected.not_before - LEEWAY, issued > expected.not_after + LEEWAY
    if early or late:
        why = "before there was a plan" if early else "which is too late"
        at = f"{issued:%Y-%m-%d %H:%M} UTC"
        raise NotVerified(f"it was issued at {at}, {why}; is this machine's clock right?")


def _moment(seconds: object) -> datetime:
    if not isinstance(seconds, int):
        raise NotVerified("it does not say when it was issued")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise NotVerified("it does not say when it was issued") from None
