"""How people sign in to the sandbox's one app: with a code and PKCE in a browser, or a device code.

OpenID Connect Core 1.0, RFC 7636 and RFC 8628, as Entra does them. Nobody is asked for a password:
whoever opens the page chooses who they are.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html import escape
from re import fullmatch
from secrets import token_hex, token_urlsafe
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from connectors.sandbox.tenant import Tenant

CODE, DEVICE = "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"
LIFETIME, DEVICE_LIFETIME = 3600, 900
"""Seconds, as Entra's: of an ID token, and until a device code is no more waited for."""

LOOPBACK = r"http://localhost(:[0-9]+)?/?"
"""The one redirect URI of the app; of a native app Entra ignores the port."""


class NotSignedIn(Exception):
    """Entra's `error` and its description, of a grant that gives no token."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


@dataclass
class _Asked:
    """What an app has asked for; `user_id` is empty until somebody has signed in."""

    nonce: str | None = None
    challenge: str = ""
    redirect_uri: str = ""
    user_id: str = ""


class PendingSignIn:
    """The pages on which users sign in, and the codes that these issue."""

    def __init__(self, tenant: Tenant, tenant_id: str, client_id: str) -> None:
        self._tenant, self._tenant_id, self._client_id = tenant, tenant_id, client_id
        self._codes: dict[str, _Asked] = {}
        self._devices: dict[str, _Asked] = {}
        self._user_codes: dict[str, _Asked] = {}

    @cached_property
    def key(self) -> RSAPrivateKey:
        """What ID tokens are signed with; made when the first one is."""
        return generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def key_id(self) -> str:
        """The key's name in headers and in the key set (RFC 7517 section 4.5)."""
        return token_urlsafe(20)

    def change_key(self) -> None:
        """Another key from now on; the old one is published no more."""
        for made in ("key", "key_id"):
            self.__dict__.pop(made, None)

    def key_set(self) -> dict[str, Any]:
        """As Entra publishes it: without `alg`."""
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        known = {name: public[name] for name in ("kty", "n", "e")}
        return {"keys": [{**known, "use": "sig", "kid": self.key_id}]}

    def authorize(self, request: Request) -> Response:
        """The page on which somebody chooses who they are, and then the form with the app's code.

        A request that no app of this tenant would make ends on a page and goes no further.
        """
        asked = request.args
        if fault := self._fault(asked):
            return _page(f"<p>{escape(fault)}</p>", 400)
        if asked.get("login") not in self._tenant.users:
            return self._choice(request)
        code = token_urlsafe(30)
        self._codes[code] = _Asked(
            asked.get("nonce"), asked["code_challenge"], asked["redirect_uri"], asked["login"]
        )
        back = {"code": code, "state": asked.get("state", "")}
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in back.items()
        )
        action = escape(asked["redirect_uri"])
        return _page(f'<form method="post" action="{action}">{fields}<button>Go on</button></form>')

    def begin_device(self, form: Mapping[str, str], page: str) -> dict[str, Any]:
        """The device authorization response (RFC 8628 section 3.2)."""
        asked, device_code, user_code = _Asked(), token_urlsafe(30), token_hex(4).upper()
        if form.get("client_id") != self._client_id:
            raise NotSignedIn("unauthorized_client", "AADSTS700016: The application is not known.")
        self._devices[device_code] = self._user_codes[user_code] = asked
        return {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": page,
            "expires_in": DEVICE_LIFETIME,
            "interval": 1,
            "message": f"To sign in, open {page} and enter the code {user_code}.",
        }

    def enter_code(self, request: Request) -> Response:
        """The page of `verification_uri`."""
        asked = self._user_codes.get(request.args.get("user_code", "").strip().upper())
        if asked is None:
            return _page('<form>Code: <input name="user_code"><button>Next</button></form>')
        if request.args.get("login") not in self._tenant.users:
            return self._choice(request)
        asked.user_id = request.args["login"]
        return _page("<p>You have signed in. You may close this window.</p>")

    def redeem(self, form: Mapping[str, str], issuer: str) -> dict[str, Any]:
        """The tokens for a code, once.

        Raises:
            NotSignedIn: nothing, or not yet.
        """
        grant = self._codes if form.get("grant_type") == CODE else self._devices
        code = form.get("code" if grant is self._codes else "device_code", "")
        asked = grant.get(code)
        if asked is None or form.get("client_id") != self._client_id:
            raise NotSignedIn("invalid_grant", "AADSTS70000: The code is not known, or was used.")
        if grant is self._codes:
            _check_proof(asked, form)
        elif not asked.user_id:
            raise NotSignedIn("authorization_pending", "AADSTS70016: Nobody has signed in yet.")
        del grant[code]
        return {
            "token_type": "Bearer",
            "scope": "openid profile",
            "expires_in": LIFETIME,
            "access_token": token_urlsafe(40),
            "id_token": self.id_token(asked.user_id, issuer, nonce=asked.nonce),
        }

    def id_token(self, user_id: str, issuer: str, **claims: Any) -> str:
        """A signed ID token of version 2.0, with these `claims` beside or in place of its own."""
        now, user = int(time.time()), self._tenant.users[user_id]
        content = {
            "aud": self._client_id,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "name": user.get("displayName") or user["userPrincipalName"],
            "oid": user_id,
            "preferred_username": user["userPrincipalName"],
            "sub": sha256(f"{self._client_id} {user_id}".encode()).hexdigest(),
            "tid": self._tenant_id,
            "ver": "2.0",
            **claims,
        }
        told = {name: value for name, value in content.items() if value is not None}
        return jwt.encode(told, self.key, algorithm="RS256", headers={"kid": self.key_id})

    def _fault(self, asked: MultiDict[str, str]) -> str:
        """What Entra would say on its page, or nothing."""
        if asked.get("client_id") != self._client_id:
            return "AADSTS700016: The application was not found in the directory."
        if not fullmatch(LOOPBACK, asked.get("redirect_uri", "")):
            return "AADSTS50011: The redirect URI does not match those of the application."
        wanted = (asked.get("response_type"), asked.get("response_mode"))
        if wanted != ("code", "form_post") or "openid" not in asked.get("scope", "").split():
            return "AADSTS90014: The sandbox knows only code, form_post and openid."
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return "AADSTS9002325: Proof Key for Code Exchange is required."
        return ""

    def _choice(self, request: Request) -> Response:
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in request.args.items()
        )
        buttons = "".join(
            f'<p><button name="login" value="{escape(one["id"])}">'
            f"{escape(str(one.get('userPrincipalName')))}</button></p>"
            for one in self._tenant.users.values()
        )
        return _page(f"<p>Sign in as:</p><form>{hidden}{buttons}</form>")


def _check_proof(asked: _Asked, form: Mapping[str, str]) -> None:
    """RFC 7636 section 4.6, and RFC 6749 section 4.1.3."""
    digest = sha256(form.get("code_verifier", "").encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.challenge:
        raise NotSignedIn("invalid_grant", "AADSTS501481: The Code_Verifier does not match.")
    if form.get("redirect_uri") != asked.redirect_uri:
        raise NotSignedIn("invalid_grant", "AADSTS50011: The redirect URI is another one.")


def _page(body: str, status: int = 200) -> Response:
    return Response(f"<!doctype html><title>Sign in</title>{body}", status, mimetype="text/html")
