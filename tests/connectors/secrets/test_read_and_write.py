"""A secret is read late, once in a run, and hidden; a missing extra is told."""

import sys

import pytest
from pytest_httpserver import HTTPServer

from config.secret_redaction import without_secrets
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.secrets.read_and_write import forget_secrets, read_secret
from support.counterparts.hashicorp_vault import TOKEN, vault_at

IN_VAULT = SecretReference.parse("vault:kv/seatsync#token")
REFERENCES = {
    "keyring": "keyring:seatsync/admin",
    "keyvault": "keyvault:https://seats.vault.azure.net/secrets/scim-token",
    "vault": str(IN_VAULT),
}


def test_it_is_asked_for_once_in_a_run_and_anew_in_the_next(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_secrets()
    vault = vault_at(httpserver, monkeypatch)
    vault.data["kv/seatsync"] = {"token": "canary-old"}
    assert [read_secret(IN_VAULT), read_secret(IN_VAULT)] == ["canary-old"] * 2
    assert vault.reads == 1
    vault.data["kv/seatsync"] = {"token": "canary-new"}
    forget_secrets()
    assert read_secret(IN_VAULT) == "canary-new"
    assert without_secrets(f"canary-old canary-new {TOKEN}") == "*** *** ***"


def test_what_could_not_be_had_is_asked_for_again(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_secrets()
    vault = vault_at(httpserver, monkeypatch)
    with pytest.raises(SecretUnavailable):
        read_secret(IN_VAULT)
    vault.data["kv/seatsync"] = {"token": "canary"}
    assert read_secret(IN_VAULT) == "canary"


@pytest.mark.parametrize(
    ("package", "extra"),
    [("keyring", "keyring"), ("azure.keyvault", "keyvault"), ("hvac", "vault")],
)
def test_without_its_extra_it_says_what_to_install(
    package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*sys.modules]:
        if name == package or name.startswith((f"{package}.", "connectors.secrets.k")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "connectors.secrets.hashicorp_vault", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    forget_secrets()
    with pytest.raises(SecretUnavailable, match=rf"pip install 'seatsync\[{extra}\]'"):
        read_secret(SecretReference.parse(REFERENCES[extra]))
