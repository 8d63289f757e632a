"""Entra's token endpoint for the sandbox's one app registration.

It accepts what Entra accepts as proof of the app (OAuth 2.0 client credentials): a secret, an
assertion signed with the key of a registered certificate, or one signed by an issuer that a
federated credential names. People sign in at `connectors.sandbox.sign_in`.
"""

import base64
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from werkzeug.wrappers import Request, Response

from connectors.sandbox.sign_in import CODE, DEVICE, NotSignedIn, PendingSignIn
from connectors.sandbox.tenant import Resource, Tenant

LIFETIME = 3600
FEDERATED_AUDIENCE = "api://AzureADTokenExchange"


class NotBelieved(Exception):
    """Entra's description of why there is no token."""


@dataclass(frozen=True)
class FederatedCredential:
    """Whose assertions are accepted: Graph's federatedIdentityCredential, and the issuer's key."""

    issuer: str
    subject: str
    public_key: RSAPublicKey


@dataclass
class Registration:
    """The app registration as its owner sees it under Certificates & secrets."""

    client_id: str
    secret: str
    secret_expires: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(730))
    certificates: list[x509.Certificate] = field(default_factory=list)
    federated: list[FederatedCredential] = field(default_factory=list)

    def resource(self) -> Resource:
        """As Graph's ``/applications`` shows it."""
        return {
            "id": str(uuid5(NAMESPACE_DNS, f"application.{self.client_id}")),
            "appId": self.client_id,
            "displayName": "seatsync",
            "passwordCredentials": [
                {"hint": self.secret[:3], "endDateTime": _moment(self.secret_expires)}
            ],
            "keyCredentials": [
                {
                    "customKeyIdentifier": one.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
                    "endDateTime": _moment(one.not_valid_after_utc),
                }
                for one in self.certificates
            ],
        }


class SandboxAuthority:
    """Issues tokens to clients that prove to be the app, and validates them.

    `people` of the tenant may sign in to it, too.
    """

    def __init__(self, tenant_id: str, app: Registration, tenant: Tenant) -> None:
        self.app = app
        self.people = PendingSignIn(tenant, tenant_id, app.client_id)
        self._tenant_id = tenant_id
        self.tokens: set[str] = set()

    def discovery(self, request: Request, tenant: str) -> Response:
        """The tenant's OpenID configuration."""
        if tenant != self._tenant_id:
            return _json({"error": "invalid_tenant", "error_description": "AADSTS90002"}, 400)
        root = f"{request.root_url}{tenant}"
        return _json(
            {
                "issuer": _issuer(request, tenant),
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
            }
        )

    def keys(self, request: Request, tenant: str) -> Response:
        """The keys that ID tokens are signed with (RFC 7517)."""
        return _json(self.people.key_set())

    def authorize(self, request: Request, tenant: str) -> Response:
        """The authorization endpoint."""
        return self.people.authorize(request)

    def device_code(self, request: Request, tenant: str) -> Response:
        """The device authorization endpoint."""
        try:
            page = f"{request.root_url}{tenant}/deviceauth"
            return _json(self.people.begin_device(request.form, page))
        except NotSignedIn as refusal:
            return _json({"error": refusal.error, "error_description": str(refusal)}, 400)

    def device_page(self, request: Request, tenant: str) -> Response:
        """The page on which a user enters a device code."""
        return self.people.enter_code(request)

    def token(self, request: Request, tenant: str, roles: tuple[str, ...]) -> Response:
        """The token endpoint: tokens for a code, a token with these permissions, or an error."""
        if request.form.get("grant_type") in {CODE, DEVICE}:
            return self._redeemed(request, tenant)
        try:
            self._check(request, tenant)
        except NotBelieved as refusal:
            refused = {"error": "invalid_client", "error_description": str(refusal)}
            return _json(refused, 401)
        answer = {"token_type": "Bearer", "expires_in": LIFETIME, "access_token": self.issue(roles)}
        return _json(answer)

    def issue(self, roles: tuple[str, ...]) -> str:
        """A token that `accepts` knows; a machine's managed identity gets one without any proof."""
        claims = {"tid": self._tenant_id, "roles": roles, "exp": int(time.time()) + LIFETIME}
        token = f"{_base64({'alg': 'none'})}.{_base64(claims)}.{len(self.tokens)}"
        self.tokens.add(token)
        return token

    def accepts(self, token: str) -> bool:
        """Whether the token was given here."""
        return token in self.tokens

    def _redeemed(self, request: Request, tenant: str) -> Response:
        try:
            return _json(self.people.redeem(request.form, _issuer(request, tenant)))
        except NotSignedIn as refusal:
            return _json({"error": refusal.error, "error_description": str(refusal)}, 400)

    def _check(self, request: Request, tenant: str) -> None:
        if tenant != self._tenant_id:
            raise NotBelieved(f"AADSTS90002: Tenant '{tenant}' not found.")
        if request.form.get("client_id") != self.app.client_id:
            raise NotBelieved("AADSTS700016: The application was not found in the directory.")
        if "client_assertion" in request.form:
            self._check_assertion(request.form["client_assertion"], request.base_url)
        else:
            self._check_secret(request.form.get("client_secret", ""))

    def _check_secret(self, secret: str) -> None:
        if secret != self.app.secret:
            raise NotBelieved("AADSTS7000215: Invalid client secret provided.")
        if self.app.secret_expires <= datetime.now(UTC):
            raise NotBelieved("AADSTS7000222: The client secret keys of the app are expired.")

    def _check_assertion(self, assertion: str, endpoint: str) -> None:
        try:
            header = jwt.get_unverified_header(assertion)
            claims = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise NotBelieved("AADSTS50027: JWT token is invalid or malformed.") from error
        if claims.get("iss") == self.app.client_id:
            self._check_certificate(assertion, header, endpoint)
        else:
            self._check_federation(assertion, claims)

    def _check_certificate(self, assertion: str, header: dict[str, Any], endpoint: str) -> None:
        known = {thumbprint(one): one for one in self.app.certificates}
        certificate = known.get(str(header.get("x5t#S256")).rstrip("="))
        fault = "AADSTS700027: The assertion's signature is not valid. [Reason - The key"
        if certificate is None:
            raise NotBelieved(f"{fault} was not found.]")
        if certificate.not_valid_after_utc <= datetime.now(UTC):
            raise NotBelieved(f"{fault} used is expired.]")
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)  # noqa: S101 - Entra registers no others
        try:
            jwt.decode(
                assertion,
                key,
                algorithms=["PS256", "RS256"],
                audience=endpoint,
                issuer=self.app.client_id,
                options={"require": ["aud", "exp", "iss", "jti", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise NotBelieved("AADSTS700024: The assertion is out of its time range.") from error
        except jwt.PyJWTError as error:
            raise NotBelieved(f"{fault} does not match.]") from error

    def _check_federation(self, assertion: str, claims: dict[str, Any]) -> None:
        issued = [one for one in self.app.federated if one.issuer == claims.get("iss")]
        if not issued:
            raise NotBelieved("AADSTS700211: No federated credential has the assertion's issuer.")
        fitting = [one for one in issued if one.subject == claims.get("sub")]
        if not fitting:
            raise NotBelieved("AADSTS700213: No federated credential has the assertion's subject.")
        try:
            jwt.decode(
                assertion, fitting[0].public_key, algorithms=["RS256"], audience=FEDERATED_AUDIENCE
            )
        except jwt.ExpiredSignatureError as error:
            raise NotBelieved("AADSTS700024: The assertion is out of its time range.") from error
        except jwt.InvalidAudienceError as error:
            reason = "AADSTS700212: No federated credential has the assertion's audience."
            raise NotBelieved(reason) from error
        except jwt.PyJWTError as error:
            raise NotBelieved("AADSTS50013: The assertion failed signature validation.") from error


def thumbprint(certificate: x509.Certificate) -> str:
    """As an assertion's header has it (x5t#S256, RFC 7515 section 4.1.8)."""
    digest = certificate.fingerprint(hashes.SHA256())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _issuer(request: Request, tenant: str) -> str:
    return f"{request.root_url}{tenant}/v2.0"


def _moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, mimetype="application/json")


def _base64(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
