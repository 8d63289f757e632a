"""No secret is in what is printed, recorded or reported, whatever library says it in its error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import msal
import pytest
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML

from connectors.sandbox.server import CLIENT_SECRET
from connectors.scim.client import Scim
from connectors.scim.transport import ScimTransport
from connectors.secrets.read_and_write import read_secret
from jobs.context import working
from reconciler.model.plan import Kind
from support.counterparts.hashicorp_vault import TOKEN as VAULT_TOKEN
from support.counterparts.hashicorp_vault import vault_at
from support.scenarios.company import Company
from support.scenarios.pending_operations import PendingOperations

SECRET_FILES = {"client-secret", "scim-token"}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The access tokens that Entra gives."""
    tokens: list[str] = []
    ask = msal.ConfidentialClientApplication.acquire_token_for_client

    def acquire(*args: Any, **kwargs: Any) -> Any:
        answer = ask(*args, **kwargs)
        tokens.append(answer["access_token"])
        return answer

    monkeypatch.setattr(msal.ConfidentialClientApplication, "acquire_token_for_client", acquire)
    return tokens


def telling(*secrets: Callable[[], str]) -> Callable[..., NoReturn]:
    """Fails as a library does that shows what it was called with."""

    def fail(*args: object, **kwargs: object) -> NoReturn:
        raise LookupError(f"no header in {[f'Bearer {secret()}' for secret in secrets]}")

    return fail


def everything_in(folder: Path) -> bytes:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in SECRET_FILES)
    return b"".join(path.read_bytes() for path in files)


def test_an_unforeseen_error_of_a_plan_tells_none(
    company: Company, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = company.sandbox.token
    fail = telling(lambda: token, lambda: CLIENT_SECRET, lambda: given[0])
    monkeypatch.setattr(Scim, "read", fail)
    ended = company.run("plan")
    assert ended.exit_code == 1
    assert "LookupError" in ended.stderr
    assert ended.stderr.count("Bearer ***") == 3
    said = (ended.output + company.run("history").output).encode() + everything_in(company.folder)
    assert b"LookupError" in said
    for secret in (token, CLIENT_SECRET, given[0]):
        assert secret.encode() not in said


def test_an_unforeseen_error_tells_neither_a_vaults_secret_nor_its_token(
    company: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, token = vault_at(httpserver, monkeypatch), company.sandbox.token
    vault.data["kv/seatsync"] = {"token": token}
    vendor = YAML(typ="safe").load(company.config)["vendor"]
    company.configure(vendor=vendor | {"token": "vault:kv/seatsync#token"})
    assert company.run("check").stdout.count("secret:") == 0
    monkeypatch.setattr(Scim, "read", telling(lambda: token, lambda: VAULT_TOKEN))
    ended = company.run("plan")
    assert ended.stderr.count("Bearer ***") == 2
    said = ended.output.encode() + everything_in(company.folder)
    assert token.encode() not in said
    assert VAULT_TOKEN.encode() not in said


def test_a_secret_that_was_changed_in_its_vault_is_known_to_the_next_run_of_this_process(
    company: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = vault_at(httpserver, monkeypatch)
    vendor = YAML(typ="safe").load(company.config)["vendor"]
    company.configure(vendor=vendor | {"token": "vault:kv/seatsync#token"})
    for rotated in ("canary-old", "canary-new"):
        vault.data["kv/seatsync"] = {"token": rotated}
        with working(company.config) as context:
            assert read_secret(context.settings.vendor.token) == rotated


def test_an_unforeseen_error_of_an_operation_tells_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PendingOperations(tmp_path, Kind.GRANT) as pending:
        pending.approve()
        token = pending.sandbox.token
        sound = ScimTransport.send

        def send(self: ScimTransport, method: str, *args: Any, **kwargs: Any) -> Any:
            return (sound if method == "GET" else telling(lambda: token))(
                self, method, *args, **kwargs
            )

        monkeypatch.setattr(ScimTransport, "send", send)
        said = pending.run("apply latest").output.encode() + everything_in(tmp_path)
        assert b"Bearer ***" in said
        assert token.encode() not in said
