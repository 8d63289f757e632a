"""HashiCorp Vault has the secret: read by its API's path and a field, and never told."""

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from config.secret_redaction import without_secrets
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.secrets.read_and_write import forget_secrets, read_secret, write_secret
from support.counterparts.hashicorp_vault import TOKEN, Vault, of_version_2, vault_at
from support.faults.silent_server import silent_server

OF_2 = SecretReference.parse("vault:secret/data/seatsync#token")


@pytest.fixture
def vault(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Vault:
    forget_secrets()
    vault = vault_at(httpserver, monkeypatch)
    vault.data["secret/data/seatsync"] = of_version_2(token="canary-2", other="canary-other")
    vault.data["kv/seatsync"] = {"token": "canary-1"}
    return vault


@pytest.mark.parametrize(
    ("path", "secret"), [("secret/data/seatsync", "canary-2"), ("kv/seatsync", "canary-1")]
)
def test_a_field_of_either_version_of_the_engine(vault: Vault, path: str, secret: str) -> None:
    assert read_secret(SecretReference.parse(f"vault:{path}#token")) == secret


def test_a_namespace_is_the_one_of_vaults_own_variable(
    vault: Vault, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_NAMESPACE", "it/identity")
    read_secret(OF_2)
    assert httpserver.log[-1][0].headers["X-Vault-Namespace"] == "it/identity"


@pytest.mark.parametrize(
    ("status", "errors", "told"),
    [
        (403, ("permission denied",), "refuses it (permission denied). Its token has ended, or"),
        (404, (), "is not there. Of version 2 of the KV engine the path has `data`"),
        (503, ("Vault is sealed",), "Vault is not ready (Vault is sealed). Where it is sealed"),
        (500, (f"internal error with {TOKEN}",), "refuses it (internal error with ***)"),
        (307, (), "VAULT_ADDR does not answer as Vault"),
    ],
)
def test_what_vault_refuses_is_told_with_what_to_do(
    vault: Vault, status: int, errors: tuple[str, ...], told: str
) -> None:
    vault.status, vault.errors = status, errors
    with pytest.raises(SecretUnavailable) as caught:
        read_secret(OF_2)
    assert str(caught.value).startswith("vault:secret/data/seatsync#token ")
    assert told in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_field_that_is_not_there_is_told_with_those_that_are(vault: Vault) -> None:
    with pytest.raises(SecretUnavailable, match='no field "tokn"; it has: other, token') as caught:
        read_secret(SecretReference.parse("vault:secret/data/seatsync#tokn"))
    assert "canary" not in str(caught.value)


def test_a_vault_that_does_not_answer(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_ADDR", "http://127.0.0.1:9")
    with pytest.raises(SecretUnavailable, match=r"does not answer \(the connection was refused\)"):
        read_secret(OF_2)


def test_a_silent_vault_is_not_waited_for_for_ever(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.secrets.hashicorp_vault.SECONDS", 0.1)
    with silent_server() as address:
        monkeypatch.setenv("VAULT_ADDR", address)
        with pytest.raises(SecretUnavailable, match=r"does not answer \(no answer in time\)"):
            read_secret(OF_2)


def test_a_role_is_exchanged_for_a_token_that_nothing_tells(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "one that has ended")
    monkeypatch.setenv("VAULT_ROLE_ID", "seatsync")
    monkeypatch.setenv("VAULT_SECRET_ID", "canary-of-the-role")
    vault.roles["seatsync"] = "canary-of-the-role"
    assert read_secret(OF_2) == "canary-2"
    assert without_secrets(f"{TOKEN} canary-of-the-role") == "*** ***"


def test_without_an_address_or_a_token_nothing_is_asked(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VAULT_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(SecretUnavailable, match="Set VAULT_TOKEN"):
        read_secret(OF_2)
    monkeypatch.delenv("VAULT_ADDR")
    with pytest.raises(SecretUnavailable, match="VAULT_ADDR is not set"):
        read_secret(OF_2)
    assert vault.reads == 0


@pytest.mark.parametrize(
    ("path", "others"), [("secret/data/seatsync", {"other": "canary-other"}), ("kv/seatsync", {})]
)
def test_a_new_secret_is_written_and_the_other_fields_stay(
    vault: Vault, path: str, others: dict[str, str]
) -> None:
    reference = SecretReference.parse(f"vault:{path}#token")
    assert write_secret(reference, "canary-new")
    assert read_secret(reference) == "canary-new"
    assert vault.fields(path) == {"token": "canary-new", **others}


def test_what_somebody_else_writes_meanwhile_is_not_written_over(vault: Vault) -> None:
    vault.before_write = lambda: vault.put("secret/data/seatsync", {"token": "canary-theirs"})
    with pytest.raises(SecretUnavailable, match=r"written: .*did not match the current version"):
        write_secret(OF_2, "canary-new")
    assert vault.fields("secret/data/seatsync") == {"token": "canary-theirs"}
