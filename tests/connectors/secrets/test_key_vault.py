"""Azure Key Vault has the secret: read and written as the machine's own identity, never told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from config.secret_reference import SecretReference, SecretUnavailable
from connectors.secrets.read_and_write import forget_secrets, read_secret, write_secret
from support.counterparts.azure_imds import IMDS
from support.counterparts.key_vault import ACCESS_TOKEN, HOST, KeyVault, key_vault
from support.faults.silent_server import silent_server

NEWEST = SecretReference.parse(f"keyvault:https://{HOST}/secrets/scim-token")
OF_A_VERSION = SecretReference.parse(f"keyvault:https://{HOST}/secrets/scim-token/0a1b")


@pytest.fixture
def vault(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[KeyVault]:
    forget_secrets()
    with key_vault(httpserver, monkeypatch, tmp_path) as vault:
        vault.secrets |= {"scim-token": "canary-new", "scim-token/0a1b": "canary-old"}
        yield vault


def test_the_newest_version_is_read_or_the_one_that_is_named(vault: KeyVault) -> None:
    assert read_secret(NEWEST) == "canary-new"
    assert read_secret(OF_A_VERSION) == "canary-old"


def test_a_new_secret_is_written_unless_the_reference_leads_to_an_old_version(
    vault: KeyVault,
) -> None:
    assert read_secret(NEWEST) == "canary-new"
    assert write_secret(NEWEST, "canary-newer")
    assert read_secret(NEWEST) == "canary-newer"
    assert not write_secret(OF_A_VERSION, "canary-lost")
    assert "canary-lost" not in vault.secrets.values()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, 'Give this machine\'s identity the role "Key Vault Secrets User"'),
        (404, "the vault has no such secret or version"),
        (400, "400: "),
    ],
)
def test_what_the_vault_refuses_is_told_with_what_to_do(
    vault: KeyVault, status: int, told: str
) -> None:
    vault.status = status
    with pytest.raises(SecretUnavailable) as caught:
        read_secret(NEWEST)
    assert str(caught.value).startswith(f"{NEWEST} cannot be read: ")
    assert told in str(caught.value)
    assert ACCESS_TOKEN not in str(caught.value)


def test_who_may_read_may_not_write(vault: KeyVault) -> None:
    vault.status = 403
    with pytest.raises(SecretUnavailable, match=r'written: .*"Key Vault Secrets Officer"'):
        write_secret(NEWEST, "canary-newer")


def test_a_machine_without_an_identity(
    vault: KeyVault, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    httpserver.clear()
    httpserver.expect_request(IMDS).respond_with_json({"error": "no identity"}, status=400)
    with pytest.raises(SecretUnavailable, match="Azure gives this machine no identity"):
        read_secret(NEWEST)


def test_a_silent_vault_is_not_waited_for_for_ever(
    vault: KeyVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONNECT", "READ", "ALL"):
        monkeypatch.setattr(f"connectors.secrets.key_vault.{name}_SECONDS", 0.1)
    with silent_server() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(SecretUnavailable, match="the vault does not answer"):
            read_secret(NEWEST)


def test_a_vault_that_does_not_answer(vault: KeyVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(SecretUnavailable, match="the vault does not answer"):
        read_secret(NEWEST)
