"""Whoever is asked repeats every secret it was sent: none of it is in anything that is written.

Every endpoint is tried with every way to repeat it, and looked for in every output.
"""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
import stamina
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.entra.auth import app_token
from connectors.sandbox.graph import Graph
from connectors.sandbox.vendor import VendorApplication
from reconciler.model.plan import Kind
from support.counterparts.app_credentials import Identity, private
from support.counterparts.azure_imds import in_azure, metadata_service
from support.faults.secret_echo import Echo, Manner, a_page, among_the_data, redirecting, refusing
from support.scenarios.pending_operations import PendingOperations

READS = {
    "sign-in": ("POST", "/token"),
    "groups": ("GET", "/v1.0/groups"),
    "members": ("GET", "/members"),
    "count of members": ("GET", "/$count"),
    "batch": ("POST", "/$batch"),
    "applications": ("GET", "/applications"),
    "accounts": ("GET", "/Users"),
    "sets": ("GET", "/Groups"),
}
ASKED_BY_CHECK = {
    "provider": ("GET", "/ServiceProviderConfig"),
    "enterprise": ("GET", "/servicePrincipals"),
}
WRITES = {
    "new account": ("POST", "/Users"),
    "new set": ("POST", "/Groups"),
    "change": ("PATCH", ""),
    "read back": ("GET", ""),
}
MANNERS: tuple[Manner, ...] = (refusing, a_page, redirecting)
SECRET_FILES = {"client-secret", "scim-token", "app.pem"}


class Outputs:
    """All that is written while it is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = StringIO()
        self._handler = logging.StreamHandler(self._log)
        self.count, self.hits = 0, list[str]()

    def __enter__(self) -> "Outputs":
        logging.root.addHandler(self._handler)
        self._level = logging.root.level
        logging.root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        logging.root.removeHandler(self._handler)
        logging.root.setLevel(self._level)

    def look(self, pending: PendingOperations, echo: Echo, where: str, *commands: str) -> None:
        """Runs commands; `hits` gets each output that has a secret, or a piece of a long one."""
        said = [pending.run(*command.split(" ", 1)) for command in commands]
        outputs = {
            "stdout": "".join(one.stdout for one in said).encode(),
            "stderr": "".join(one.stderr for one in said).encode(),
            "log": self._log.getvalue().encode(),
            "store": self._all("seatsync.db*"),
            "reports": self._all("reports/**/*"),
        }
        assert all(one.exception is None or one.exc_info for one in said)
        secrets = {form for each in echo.sent.values() for one in each for form in _forms(one)}
        assert outputs["log"]
        for name, content in outputs.items():
            self.count += len(echo.sent)
            flat = b"".join(content.split())
            self.hits += [f"{where}: {name}" for s in secrets if s in content or s in flat]
        self._log.truncate(0)

    def _all(self, pattern: str) -> bytes:
        files = (path for path in self._folder.glob(pattern) if path.is_file())
        return b"".join(path.read_bytes() for path in files)


def _forms(secret: str) -> set[bytes]:
    piece = secret[40:64] if len(secret) > 80 else secret
    return {piece.encode(), quote(piece, safe="").encode()}


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(app_token, "RETRIES", app_token.RETRIES.new(backoff_factor=0, total=1))
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def pending(tmp_path: Path) -> Iterator[PendingOperations]:
    kinds = (Kind.CREATE_ACCOUNT, Kind.CREATE_SET_GROUP, Kind.UPDATE_ACCOUNT, Kind.REVOKE)
    with PendingOperations(tmp_path, *kinds) as pending:
        yield pending


@pytest.fixture
def echo(pending: PendingOperations, monkeypatch: pytest.MonkeyPatch) -> Echo:
    echo = Echo(among_the_data, ("NO", ""))
    for application in (Graph, VendorApplication):
        monkeypatch.setattr(application, "__call__", echo.before(application.__call__))
    return echo


def _print(outputs: Outputs, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{outputs.count} combinations, {len(outputs.hits)} hits")


def test_no_error_repeats_a_secret(
    pending: PendingOperations, echo: Echo, capsys: pytest.CaptureFixture[str]
) -> None:
    pending.configure(directory={**pending.sandbox.directory, "enterprise_app": "ZoomInfo"})
    with Outputs(pending.folder) as outputs:
        for manner in MANNERS:
            for name, at in (READS | ASKED_BY_CHECK).items():
                echo.manner, echo.at, echo.met = manner, at, 0
                command = "check --online" if name in ASKED_BY_CHECK else "plan"
                outputs.look(pending, echo, f"{name}, {manner.__name__}", command)
                assert echo.met, name
    _print(outputs, capsys)
    assert outputs.hits == []


def test_no_outcome_of_a_change_repeats_a_secret(
    pending: PendingOperations, echo: Echo, capsys: pytest.CaptureFixture[str]
) -> None:
    pending.approve()
    pending.remember()
    with Outputs(pending.folder) as outputs:
        for manner in MANNERS:
            for name, at in WRITES.items():
                pending.return_to_it()
                echo.manner, echo.at, echo.met = manner, at, 0
                outputs.look(pending, echo, f"{name}, {manner.__name__}", "apply latest", "history")
                assert echo.met, name
    _print(outputs, capsys)
    assert outputs.hits == []


def test_no_datum_is_a_secret(
    pending: PendingOperations, echo: Echo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody fails: what is repeated goes all the way through plan, reports and journal."""
    echo.at = ("", "")
    commands = ("check --online", "plan", "approve latest --reason=why", "apply latest", "show")
    with Outputs(pending.folder) as outputs:
        outputs.look(pending, echo, "data", *commands, "show --json", "history", "audit verify")
    _print(outputs, capsys)
    assert echo.met > 10
    assert "***" in pending.run("show --json").stdout
    assert outputs.hits == []


@pytest.mark.parametrize("manner", MANNERS)
def test_what_proves_the_app_otherwise_is_not_repeated_either(
    pending: PendingOperations, echo: Echo, manner: Manner, capsys: pytest.CaptureFixture[str]
) -> None:
    file = private(pending.folder / "app.pem", Identity().pem())
    section = {**pending.sandbox.directory, "credential": {"certificate": str(file)}}
    pending.configure(directory=section)
    echo.manner, echo.at = manner, READS["sign-in"]
    with Outputs(pending.folder) as outputs:
        outputs.look(pending, echo, "certificate", "plan")
    _print(outputs, capsys)
    assert "client_assertion" in echo.sent
    assert outputs.hits == []


@pytest.mark.parametrize("manner", MANNERS)
def test_what_a_machine_proves_itself_with_is_not_repeated_either(
    pending: PendingOperations,
    manner: Manner,
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    echo = Echo(manner)
    give = metadata_service(pending.sandbox)
    repeat = echo.before(lambda itself, *given: give(Request(given[0]))(*given))

    def answer(request: Request) -> Response:
        return Response.from_app(lambda *given: repeat(None, *given), request.environ)

    monkeypatch.setenv("IDENTITY_ENDPOINT", in_azure(httpserver, monkeypatch).url_for("/msi/token"))
    monkeypatch.setenv("IDENTITY_HEADER", "identity-header-canary")
    httpserver.expect_request("/msi/token").respond_with_handler(answer)
    section = {**pending.sandbox.directory, "credential": {"managed_identity": "system"}}
    pending.configure(directory=section)
    with Outputs(pending.folder) as outputs:
        outputs.look(pending, echo, "identity", "plan")
    _print(outputs, capsys)
    assert echo.sent == {"identity header": {"identity-header-canary"}}
    assert outputs.hits == []
