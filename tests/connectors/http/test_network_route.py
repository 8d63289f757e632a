"""One policy of proxies and certificates for the authority, Graph and the vendor."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina
import trustme
from pytest_httpserver import HTTPServer

from config.directory import DirectorySettings
from config.secret_redaction import without_secrets
from connectors.entra.auth import app_token
from connectors.entra.auth.app_token import AppToken
from connectors.entra.pacing import Pacing
from connectors.entra.transport import GraphTransport as Graph
from connectors.errors import CounterpartError, Unreachable
from connectors.http import network_route
from connectors.http.network_route import CA_VARIABLES
from connectors.http.run_limits import Allowance
from connectors.scim.transport import ScimTransport as Scim
from support.counterparts.proxy import Proxy, proxy_to
from support.counterparts.vendor_settings import vendor_at

ID = "11111111-1111-1111-1111-111111111111"
HOSTS = ("login.example", "graph.example", "scim.example")
Ask = Callable[[Path | None], None]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[HTTPServer]:
    """All three in one, with a certificate of `authority` for each of their names."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS, "127.0.0.1").configure_cert(tls)
    with HTTPServer("127.0.0.1", ssl_context=tls) as server:
        yield server


@pytest.fixture
def proxy(server: HTTPServer) -> Iterator[Proxy]:
    server.clear()
    server.expect_request(f"/{ID}/v2.0/.well-known/openid-configuration").respond_with_json(
        dict.fromkeys(
            ("authorization_endpoint", "token_endpoint"), f"https://login.example/{ID}/token"
        )
    )
    token = {"token_type": "Bearer", "expires_in": 3600, "access_token": "a.b.c"}
    server.expect_request(f"/{ID}/token").respond_with_json(token)
    server.expect_request("/v1.0/groups").respond_with_json({"value": []})
    server.expect_request("/v2/Users").respond_with_json({})
    with proxy_to(server.port) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing but what a test sets; as many attempts as ever, without pauses."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in CA_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLIENT_SECRET", "secret-canary")
    monkeypatch.setattr(app_token, "RETRIES", app_token.RETRIES.new(backoff_factor=0))
    with stamina.set_testing(True, attempts=6):
        yield


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


class _GivenToken(AppToken):
    """The authority has been asked before."""

    def _acquire(self) -> str:
        return "a.b.c"


def directory(ca_file: Path | None, graph: str = "https://graph.example") -> DirectorySettings:
    cloud = {"authority": "https://login.example", "graph": graph}
    return DirectorySettings.model_validate(
        {
            "tenant_id": ID,
            "client_id": ID,
            "credential": {"secret": "env:CLIENT_SECRET"},
            "cloud": cloud | ({"ca_file": ca_file} if ca_file else {}),
        }
    )


def ask_the_authority(ca_file: Path | None) -> None:
    asyncio.run(AppToken(directory(ca_file)).get_authorization_token(""))


def ask_graph(ca_file: Path | None, graph: str = "https://graph.example") -> None:
    async def ask() -> None:
        settings = directory(ca_file, graph)
        async with Graph(settings, _GivenToken(settings), Pacing(), Allowance(), 60) as transport:
            await transport.resources(transport.graph.groups.to_get_request_information())

    asyncio.run(ask())


@pytest.fixture
def ask_the_vendor(tmp_path: Path) -> Ask:
    def ask(ca_file: Path | None, address: str = "https://scim.example/v2") -> None:
        vendor = vendor_at(address, tmp_path).model_copy(update={"ca_file": ca_file})
        transport = Scim(vendor, 60, lambda: "")
        try:
            transport.get("/Users")
        finally:
            transport.close()

    return ask


@pytest.fixture(params=HOSTS)
def ask(request: pytest.FixtureRequest, ask_the_vendor: Ask) -> Ask:
    """Each of the three in turn."""
    return dict(zip(HOSTS, (ask_the_authority, ask_graph, ask_the_vendor), strict=True))[
        request.param
    ]


ENVIRONMENTS = {
    "HTTPS_PROXY": {"HTTPS_PROXY": "http://{proxy}"},
    "https_proxy": {"https_proxy": "http://{proxy}"},
    "ALL_PROXY": {"ALL_PROXY": "http://{proxy}"},
    "without a scheme": {"HTTPS_PROXY": "{proxy}"},
    "with a password": {"HTTPS_PROXY": "http://me:pass%2Fword@{proxy}"},
    "of two the closer one": {"ALL_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://{proxy}"},
    "NO_PROXY for others": {"HTTPS_PROXY": "http://{proxy}", "NO_PROXY": "localhost,.elsewhere"},
}


@pytest.mark.parametrize("environment_", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_a_proxy_of_the_environment_counts_beside_a_ca_file(
    ask: Ask,
    proxy: Proxy,
    ca_file: Path,
    environment_: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment_.items():
        monkeypatch.setenv(name, value.format(proxy=proxy.address))
    ask(ca_file)
    assert proxy.asked
    authorized = [head for head in proxy.asked if "Proxy-Authorization: Basic" in head]
    assert len(authorized) == (len(proxy.asked) if "me:" in str(environment_) else 0)


@pytest.mark.parametrize("named", ["{host}", "example", "*"])
def test_a_host_of_no_proxy_is_asked_directly(
    ask: Ask, proxy: Proxy, ca_file: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", named.format(host=",".join(HOSTS)))
    with pytest.raises(Unreachable, match="the host name is not known"):
        ask(ca_file)
    assert proxy.asked == []


def test_a_proxy_gets_nothing_for_this_machine(
    proxy: Proxy, server: HTTPServer, ask_the_vendor: Callable[..., None], ca_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("ALL_PROXY", f"http://{proxy.address}")
    here = f"https://127.0.0.1:{server.port}"
    ask_graph(ca_file, here)
    ask_the_vendor(ca_file, f"{here}/v2")
    assert proxy.asked == []


@pytest.mark.parametrize("variable", CA_VARIABLES)
def test_authorities_of_the_environment_count(
    ask: Ask, proxy: Proxy, ca_file: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder they have the names that OpenSSL looks for: hashes of their subjects."""
    if variable == "SSL_CERT_DIR":
        folder = ca_file.parent / "certs"
        folder.mkdir()
        (folder / f"{_subject_hash(ca_file)}.0").write_bytes(ca_file.read_bytes())
        ca_file = folder
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv(variable, str(ca_file))
    ask(None)


def _subject_hash(certificate: Path) -> str:
    command = ["openssl", "x509", "-noout", "-hash", "-in", str(certificate)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_ca_file_is_believed_alone(
    ask: Ask, proxy: Proxy, ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment names beside it would open the door to whoever is trusted there."""
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    with pytest.raises(Unreachable, match=rf"by `\S+\.ca_file` {stranger}"):
        ask(stranger)


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        (None, r"by the usual authorities; (vendor|directory\.cloud)\.ca_file"),
        ("SSL_CERT_FILE", "by `SSL_CERT_FILE` "),
        ("REQUESTS_CA_BUNDLE", "by `REQUESTS_CA_BUNDLE` "),
    ],
)
def test_a_certificate_that_is_not_trusted_names_who_did_not_and_is_no_matter_of_patience(
    ask: Ask,
    proxy: Proxy,
    tmp_path: Path,
    variable: str | None,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "stranger.pem"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "stranger.pem"))
    with pytest.raises(Unreachable, match=rf"not trusted \(.*local issuer.*\) {told}"):
        ask(None)
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("content", ["nothing", "no certificate", None])
def test_authorities_that_cannot_be_read_name_their_setting(
    ask: Ask, tmp_path: Path, content: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(CounterpartError, match=r"reading `(vendor|directory\.cloud)\.ca_file` "):
        ask(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(CounterpartError, match="reading `SSL_CERT_FILE` "):
        ask(None)


def test_a_proxy_that_lets_nothing_through_is_told(
    ask: Ask, proxy: Proxy, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.refusal = "407 Proxy Authentication Required"
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    with pytest.raises(Unreachable, match=f"the proxy {proxy.address} .*asks who you are"):
        ask(ca_file)


@pytest.mark.parametrize("address", ["socks5://me:canary-word@127.0.0.1:1", "http://[", "http://"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    ask: Ask, ca_file: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(CounterpartError, match="HTTPS_PROXY") as caught:
        ask(ca_file)
    assert "canary-word" not in str(caught.value)


def test_a_proxys_password_is_held(
    ask: Ask, proxy: Proxy, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:pass%2Fword@{proxy.address}")
    ask(ca_file)
    assert without_secrets("pass/word pass%2Fword") == "*** ***"


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254"])
def test_a_name_that_leads_to_a_metadata_service_is_not_asked(
    ask: Ask, ca_file: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even connected to."""
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(network_route, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it was connected to"))
    with pytest.raises(Unreachable, match=f"leads to {address}, which .*nothing was sent"):
        ask(ca_file)
