"""Whose ID token counts as an approval: Entra's, of this tenant, app, approval and time."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.directory import DirectorySettings
from connectors.entra.auth.id_token import LEEWAY, Expected, NotVerified, SignedIn, verified
from connectors.entra.auth.openid_configuration import authority_of
from connectors.sandbox.server import CLIENT_ID
from connectors.sandbox.sign_in import PendingSignIn
from support.counterparts.small_tenant import SmallTenant, guid

NONCE, OTHER = "of-this-approval", guid("another tenant or app")
PLANNED = datetime.now(UTC) - timedelta(minutes=10)
ENDS = PLANNED + timedelta(hours=24)
MINUTE = timedelta(minutes=1)


class Desk:
    """Where tokens are made and looked at; `made` is a good one, but for some claims."""

    def __init__(self, small_tenant: SmallTenant) -> None:
        directory = small_tenant.settings.directory
        assert isinstance(directory, DirectorySettings)
        self.directory = directory
        self.people: PendingSignIn = small_tenant.sandbox.graph.authority.people
        self.issuer = f"{small_tenant.sandbox.graph_url}/{directory.tenant_id}/v2.0"

    def made(self, **claims: Any) -> str:
        return self.people.id_token(guid("user1"), self.issuer, **{"nonce": NONCE, **claims})

    def verified(self, token: str) -> SignedIn:
        """By the keys that the authority publishes now."""
        app = self.directory.client_id
        expected = Expected(self.directory.tenant_id, app, NONCE, PLANNED, ENDS)
        return verified(token, authority_of(self.directory), expected)


@pytest.fixture
def desk(small_tenant: SmallTenant) -> Desk:
    return Desk(small_tenant)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def with_header(token: str, **changes: Any) -> str:
    header = {**jwt.get_unverified_header(token), **changes}
    return ".".join([part(header), *token.split(".")[1:]])


def other_payload(desk: Desk) -> str:
    header, _, signature = desk.made().split(".")
    payload = desk.made(oid=OTHER).split(".")[1]
    return f"{header}.{payload}.{signature}"


def unsigned(desk: Desk) -> str:
    return with_header(desk.made(), alg="none").rpartition(".")[0] + "."


def signed_with_the_public_key(desk: Desk) -> str:
    """HMAC with what everybody knows, for whoever lets the token choose the algorithm."""
    public = desk.people.key.public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    content = with_header(desk.made(), alg="HS256").rpartition(".")[0]
    signature = hmac.digest(secret, content.encode(), "sha256")
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def by_a_key_of_ones_own(desk: Desk) -> str:
    claims = jwt.decode(desk.made(), options={"verify_signature": False})
    own = generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, own, "RS256", headers={"kid": desk.people.key_id})


def bringing_its_own_key(desk: Desk) -> str:
    """RFC 7515 lets a header have a key (`jwk`) or an address of keys (`jku`)."""
    claims = jwt.decode(desk.made(), options={"verify_signature": False})
    own = generate_private_key(public_exponent=65537, key_size=2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key(), as_dict=True)
    return jwt.encode(claims, own, "RS256", headers={"kid": "own", "jwk": jwk})


def by_a_key_of_before(desk: Desk) -> str:
    token = desk.made()
    desk.people.change_key()
    return token


def test_a_token_of_entras_for_this_approval_tells_who_it_was(desk: Desk) -> None:
    assert desk.verified(desk.made()) == SignedIn(guid("user1"), "user1@harbour.example")


def test_a_token_serves_as_long_as_the_plan_though_it_has_expired(desk: Desk) -> None:
    issued = seconds(PLANNED)
    assert desk.verified(desk.made(iat=issued, nbf=issued, exp=issued + 60)).object_id


@pytest.mark.parametrize("off", [PLANNED - LEEWAY + MINUTE, ENDS + LEEWAY - MINUTE])
def test_clocks_may_differ_a_little(desk: Desk, off: datetime) -> None:
    assert desk.verified(desk.made(iat=seconds(off))).object_id


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        pytest.param({"nonce": "of-another-plan"}, "something else", id="another plan's"),
        pytest.param({"nonce": None}, "something else", id="no nonce"),
        pytest.param({"tid": OTHER}, "another tenant", id="another tenant's"),
        pytest.param({"tid": None}, "a claim is missing", id="no tenant"),
        pytest.param({"iss": f"https://a.example/{OTHER}/v2.0"}, "another authority", id="issuer"),
        pytest.param({"aud": OTHER}, "another app", id="another app's"),
        pytest.param({"aud": [CLIENT_ID, OTHER]}, "another app", id="others' as well"),
        pytest.param({"iat": seconds(PLANNED - LEEWAY - MINUTE)}, "before there", id="too old"),
        pytest.param({"iat": seconds(ENDS + LEEWAY + MINUTE)}, "too late", id="not yet"),
        pytest.param({"iat": 10**30}, "does not say when", id="endless"),
        pytest.param({"iat": "now"}, "does not say when", id="no time"),
        pytest.param({"oid": None}, "a claim is missing", id="nobody"),
    ],
)
def test_a_token_that_says_something_else(desk: Desk, claims: dict[str, Any], why: str) -> None:
    with pytest.raises(NotVerified, match=why):
        desk.verified(desk.made(**claims))


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (other_payload, "signature"),
        (unsigned, "not signed with RS256"),
        (signed_with_the_public_key, "not signed with RS256"),
        (by_a_key_of_ones_own, "signature"),
        (bringing_its_own_key, "no such key"),
        (by_a_key_of_before, "no such key"),
        (lambda desk: desk.made().rpartition(".")[0], "no signed token"),
        (lambda _: "", "no signed token"),
        (lambda _: "a.b.c", "no signed token"),
    ],
)
def test_a_token_that_entra_did_not_sign(
    desk: Desk, forge: Callable[[Desk], str], why: str
) -> None:
    with pytest.raises(NotVerified, match=why):
        desk.verified(forge(desk))
