"""Every way of proving who the app is: what opens the door, what does not, and what is told."""

import time
from base64 import b64encode, encodebytes
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_httpserver import HTTPServer

from config.directory import DirectorySettings
from connectors.entra.client import Entra
from connectors.errors import NoCredential, Unauthorized, Unreachable
from connectors.sandbox.authority import thumbprint
from connectors.sandbox.server import CLIENT_ID
from support.counterparts.app_credentials import Identity, private
from support.counterparts.azure_imds import IMDS, in_azure, metadata_service
from support.counterparts.small_tenant import SmallTenant

PASSWORD = "password-canary"


@pytest.fixture(scope="module")
def identity() -> Identity:
    return Identity()


@pytest.fixture(scope="module")
def stranger() -> Identity:
    return Identity()


def sign_in(small_tenant: SmallTenant, **credential: Any) -> int:
    """The groups found; raises if the credential opens nothing."""
    section = small_tenant.settings.directory.model_dump() | {"credential": credential}
    settings = small_tenant.settings
    directory = DirectorySettings.model_validate(section)
    read = Entra(directory).read_sets(settings.subscription_sets, (), lambda _: None)
    return sum(len(group.exact) for group in read.reads)


def refused(small_tenant: SmallTenant, **credential: Any) -> str:
    """What the administrator reads; it has no secret in it."""
    with pytest.raises(Unauthorized) as caught:
        sign_in(small_tenant, **credential)
    told = str(caught.value)
    assert PASSWORD not in told
    assert "PRIVATE KEY" not in told
    return told


# A certificate


@pytest.mark.parametrize("password", [None, PASSWORD])
@pytest.mark.parametrize("form", ["pem", "pfx"])
def test_a_certificate_opens_the_door(
    small_tenant: SmallTenant,
    identity: Identity,
    form: str,
    password: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_tenant.sandbox.app.certificates.append(identity.certificate)
    file = private(small_tenant.folder / "app", getattr(identity, form)(password))
    monkeypatch.setenv("APP_PASSWORD", PASSWORD)
    reference = {"password": "env:APP_PASSWORD"} if password else {}
    assert sign_in(small_tenant, certificate=file, **reference) == 2


def test_a_certificate_that_is_not_registered_is_refused(
    small_tenant: SmallTenant, identity: Identity, stranger: Identity
) -> None:
    small_tenant.sandbox.app.certificates.append(identity.certificate)
    told = refused(small_tenant, certificate=private(small_tenant.folder / "app", stranger.pem()))
    assert "AADSTS700027" in told
    assert "does not have this certificate. Upload its public part" in told


def test_the_authority_verifies_the_signature(
    small_tenant: SmallTenant, identity: Identity, stranger: Identity
) -> None:
    """Whoever only has the public certificate opens nothing."""
    small_tenant.sandbox.app.certificates.append(identity.certificate)
    header = {"x5t#S256": thumbprint(identity.certificate)}
    tenant = small_tenant.settings.directory.tenant_id
    endpoint = f"{small_tenant.sandbox.graph_url}/{tenant}/oauth2/v2.0/token"
    claims = {
        "aud": endpoint,
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "jti": "1",
        "exp": int(time.time()) + 600,
    }
    forged = private(
        small_tenant.folder / "forged",
        jwt.encode(claims, stranger.key, "PS256", headers=header).encode(),
    )
    told = refused(small_tenant, federated_token_file=forged)
    assert "AADSTS700027" in told
    assert "does not match" in told


def test_a_certificate_that_has_expired_is_refused(small_tenant: SmallTenant) -> None:
    expired = Identity(days=-1)
    small_tenant.sandbox.app.certificates.append(expired.certificate)
    told = refused(small_tenant, certificate=private(small_tenant.folder / "app", expired.pem()))
    assert "The certificate has expired. Upload the public part of a new one" in told


@pytest.mark.parametrize("form", ["pem", "pfx"])
@pytest.mark.parametrize("given", [None, "another one"])
def test_a_certificates_wrong_or_missing_password_is_told(
    small_tenant: SmallTenant,
    identity: Identity,
    form: str,
    given: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = private(small_tenant.folder / "app", getattr(identity, form)(PASSWORD))
    monkeypatch.setenv("APP_PASSWORD", "another one")
    reference = {"password": "env:APP_PASSWORD"} if given else {}
    told = refused(small_tenant, certificate=file, **reference)
    assert f"file:{file}" in told
    asked = (
        "does not open with this password" if given else "needs a password: `password: env:NAME`"
    )
    assert asked in told
    assert "401" not in told


def test_a_password_that_is_not_needed_is_told(
    small_tenant: SmallTenant, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_PASSWORD", PASSWORD)
    file = private(small_tenant.folder / "app", identity.pem())
    told = refused(small_tenant, certificate=file, password="env:APP_PASSWORD")
    assert "takes no password" in told


def test_a_password_that_is_not_there_is_told(
    small_tenant: SmallTenant, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APP_PASSWORD", raising=False)
    file = private(small_tenant.folder / "app", identity.pfx(PASSWORD))
    told = refused(small_tenant, certificate=file, password="env:APP_PASSWORD")
    assert "env:APP_PASSWORD is not set" in told


def test_what_is_no_certificate_is_told(
    small_tenant: SmallTenant, identity: Identity, stranger: Identity
) -> None:
    key, _, certificate = identity.pem().partition(b"-----BEGIN CERTIFICATE")
    strange = b"-----BEGIN CERTIFICATE" + stranger.pem().partition(b"-----BEGIN CERTIFICATE")[2]
    for content, why in {
        b"": "cannot be read as PEM or PFX",
        b"not a certificate": "cannot be read as PEM or PFX",
        b"bm90IGEgUEZY": "cannot be read as PEM or PFX",
        b"-----BEGIN CERTIFICATE" + certificate: "holds a certificate without its private key",
        key: "holds a private key without its certificate",
        key + strange: "no certificate of its private key",
        key.replace(b"M", b"N") + strange: "is damaged",
        der(identity): "is a certificate alone (DER, as in a .cer), without its private key",
        b64encode(identity.pfx()): "is a PFX in base64; decode it: base64 -d",
        encodebytes(identity.pfx()): "is a PFX in base64; decode it: base64 -d",
    }.items():
        assert why in refused(
            small_tenant, certificate=private(small_tenant.folder / "app", content)
        )


def test_a_certificate_file_that_others_may_read_is_not_used(
    small_tenant: SmallTenant, identity: Identity
) -> None:
    file = private(small_tenant.folder / "app", identity.pem())
    file.chmod(0o644)
    assert f"run: chmod 600 {file}" in refused(small_tenant, certificate=file)
    assert "No such file" in refused(small_tenant, certificate=small_tenant.folder / "nothing")
    assert "Is a directory" in refused(
        small_tenant, certificate=_private_folder(small_tenant.folder)
    )


def der(identity: Identity) -> bytes:
    return identity.certificate.public_bytes(Encoding.DER)


def _private_folder(parent: Path) -> Path:
    folder = parent / "folder"
    folder.mkdir(mode=0o700)
    return folder


# A federated token


def test_a_federated_token_opens_the_door(small_tenant: SmallTenant, identity: Identity) -> None:
    """Whatever the file's mode: the platform writes it, and often for its whole group."""
    small_tenant.sandbox.app.federated.append(identity.federated)
    file = small_tenant.folder / "token"
    file.write_text(identity.token() + "\n")
    file.chmod(0o644)
    assert sign_in(small_tenant, federated_token_file=file) == 2


def test_a_federated_token_is_read_anew_for_every_sign_in(
    small_tenant: SmallTenant, identity: Identity, stranger: Identity
) -> None:
    small_tenant.sandbox.app.federated.append(identity.federated)
    file = small_tenant.folder / "token"
    file.write_text(stranger.token())
    section = small_tenant.settings.directory.model_dump()
    section["credential"] = {"federated_token_file": file}
    entra = Entra(DirectorySettings.model_validate(section))
    with pytest.raises(Unauthorized):
        entra.check()
    file.write_text(identity.token())
    assert entra.check().roles


@pytest.mark.parametrize(
    ("claims", "code", "advice"),
    [
        ({"iss": "https://elsewhere.example"}, "AADSTS700211", "No federated credential of the"),
        ({"sub": "somebody else"}, "AADSTS700213", "issuer, subject and audience must be equal"),
        ({"aud": "api://elsewhere"}, "AADSTS700212", "issuer, subject and audience must be equal"),
        (
            {"exp": datetime.now(UTC) - timedelta(hours=1)},
            "AADSTS700024",
            "let the platform write a fresh token file",
        ),
    ],
)
def test_a_federated_token_that_does_not_fit_is_refused(
    small_tenant: SmallTenant, identity: Identity, claims: dict[str, Any], code: str, advice: str
) -> None:
    small_tenant.sandbox.app.federated.append(identity.federated)
    file = small_tenant.folder / "token"
    file.write_text(identity.token(**claims))
    told = refused(small_tenant, federated_token_file=file)
    assert code in told
    assert advice in told


def test_a_federated_token_signed_by_somebody_else_is_refused(
    small_tenant: SmallTenant, identity: Identity, stranger: Identity
) -> None:
    small_tenant.sandbox.app.federated.append(identity.federated)
    file = small_tenant.folder / "token"
    file.write_text(stranger.token())
    assert "was not signed by the issuer" in refused(small_tenant, federated_token_file=file)


def test_a_token_file_without_a_token_is_told(small_tenant: SmallTenant) -> None:
    file = small_tenant.folder / "token"
    assert "No such file" in refused(small_tenant, federated_token_file=file)
    for content in (b"", PASSWORD.encode(), b"\xff\xfe"):
        file.write_bytes(content)
        assert f"file:{file}" in refused(small_tenant, federated_token_file=file)


# A managed identity


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> HTTPServer:
    return in_azure(httpserver, monkeypatch)


def test_a_virtual_machines_identity_opens_the_door(
    small_tenant: SmallTenant, machine: HTTPServer
) -> None:
    machine.expect_request(IMDS).respond_with_handler(metadata_service(small_tenant.sandbox))
    assert sign_in(small_tenant, managed_identity="system") == 2
    assert [request.args.get("client_id") for request, _ in machine.log] == [None]


def test_a_user_assigned_identity_is_asked_for_by_its_client_id(
    small_tenant: SmallTenant, machine: HTTPServer
) -> None:
    machine.expect_request(IMDS).respond_with_handler(
        metadata_service(small_tenant.sandbox, client_id=CLIENT_ID)
    )
    assert sign_in(small_tenant, managed_identity="user") == 2


def test_an_app_services_identity_opens_the_door(
    small_tenant: SmallTenant, machine: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", machine.url_for("/msi/token"))
    monkeypatch.setenv("IDENTITY_HEADER", "header-canary")
    machine.expect_request(
        "/msi/token", headers={"X-IDENTITY-HEADER": "header-canary"}
    ).respond_with_handler(metadata_service(small_tenant.sandbox))
    assert sign_in(small_tenant, managed_identity="system") == 2


def test_a_machine_without_that_identity_is_told(
    small_tenant: SmallTenant, machine: HTTPServer
) -> None:
    machine.expect_request(IMDS).respond_with_json(
        {"error": "invalid_request", "error_description": "Identity not found"}, status=400
    )
    assert "Identity not found" in refused(small_tenant, managed_identity="user")


@pytest.mark.parametrize("content", ["<html>", "[]", '{"access_token": "a", "expires_in": "soon"}'])
def test_an_identity_endpoint_that_gives_no_token_is_told(
    small_tenant: SmallTenant, machine: HTTPServer, content: str
) -> None:
    machine.expect_request(IMDS).respond_with_data(content)
    with pytest.raises(Unreachable, match="no token"):
        sign_in(small_tenant, managed_identity="system")


def test_a_machine_outside_azure_is_told(
    small_tenant: SmallTenant, machine: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")
    with pytest.raises(NoCredential, match="no managed identity answers here"):
        sign_in(small_tenant, managed_identity="system")


def test_a_machines_identity_is_asked_for_at_no_other_address(
    small_tenant: SmallTenant, machine: HTTPServer
) -> None:
    elsewhere = {"Location": machine.url_for("/thief")}
    machine.expect_request(IMDS).respond_with_data(status=307, headers=elsewhere)
    with pytest.raises(Unreachable, match="redirects to another address"):
        sign_in(small_tenant, managed_identity="system")
    assert [request.path for request, _ in machine.log] == [IMDS]
