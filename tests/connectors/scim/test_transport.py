"""The wire: what is sent again and what is not, how long, and what is told of it."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from config.vendor import VendorSettings
from connectors.errors import CounterpartError, NotSent, OutcomeUnknown, Unauthorized, Unreachable
from connectors.http.response_body import Body
from connectors.http.time_budget import TimeBudget
from connectors.scim import transport
from connectors.scim.client import Scim
from connectors.scim.errors import ScimRefused
from support.counterparts.scim_list_response import listed

At = Callable[[str], VendorSettings]
PATHS = ("userName", "externalId")
TOKEN = "canary-token"
U1 = "/v2/Users/u1"


def once(httpserver: HTTPServer, status: int, **headers: str) -> None:
    """The first answer for u1 is this one, the second is right."""
    httpserver.expect_ordered_request(U1).respond_with_data("", status=status, headers=headers)
    httpserver.expect_ordered_request(U1).respond_with_json({"id": "u1"})


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("after", ["0", "soon", None])
def test_a_read_is_tried_again(
    httpserver: HTTPServer, vendor: Scim, status: int, after: str | None
) -> None:
    once(httpserver, status, **({"Retry-After": after} if after else {}))
    assert vendor.account("u1")


@pytest.mark.parametrize("broken", [Response(status=500), Response("<html>"), Response('{"id"')])
def test_a_read_with_a_broken_answer_is_tried_once_more(
    httpserver: HTTPServer, vendor: Scim, broken: Response
) -> None:
    httpserver.expect_ordered_request(U1).respond_with_response(broken)
    httpserver.expect_ordered_request(U1).respond_with_json({"id": "u1"})
    assert vendor.account("u1")


def test_a_read_that_stays_broken_is_given_up(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request(U1).respond_with_data("", status=500)
    with pytest.raises(ScimRefused):
        vendor.account("u1")
    assert len(httpserver.log) == 2


def test_retry_after_is_waited_for(httpserver: HTTPServer, vendor: Scim) -> None:
    once(httpserver, 429, **{"Retry-After": "1"})
    start = time.monotonic()
    assert vendor.account("u1")
    assert time.monotonic() - start >= 1


def test_a_wait_past_the_time_budget_is_not_begun(httpserver: HTTPServer, settings: At) -> None:
    once(httpserver, 429, **{"Retry-After": "7200"})
    with (
        Scim(settings(httpserver.url_for("/v2")), PATHS, time_budget=30) as vendor,
        pytest.raises(ScimRefused) as caught,
    ):
        vendor.account("u1")
    assert caught.value.status == 429


def test_nothing_is_sent_after_the_time_budget(httpserver: HTTPServer, settings: At) -> None:
    with (
        Scim(settings(httpserver.url_for("/v2")), PATHS, time_budget=0) as vendor,
        pytest.raises(Unreachable, match="time for this run is over"),
    ):
        vendor.account("u1")
    assert httpserver.log == []


def test_a_read_is_not_tried_again_when_it_is_to_end(httpserver: HTTPServer, vendor: Scim) -> None:
    def busy(_: Request) -> Response:
        vendor.finish_within(0)
        return Response(status=503)

    httpserver.expect_request(U1).respond_with_handler(busy)
    with pytest.raises((ScimRefused, Unreachable), match=r"503|no answer in time"):
        vendor.account("u1")
    with pytest.raises(Unreachable, match="time for this run is over"):
        vendor.account("u1")
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda vendor: vendor.account("u1"), Unreachable),
        (lambda vendor: vendor.update_account("u1", {"active": True}), NotSent),
    ],
    ids=["read", "write"],
)
def test_a_wait_that_the_vendor_asks_for_is_broken_off_when_it_is_to_end(
    httpserver: HTTPServer,
    vendor: Scim,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[Scim], object],
    told: type[CounterpartError],
) -> None:
    """Nothing came of a write that waits for another attempt: the vendor did not look at it."""
    once(httpserver, 429, **{"Retry-After": "1800"})
    waits, wait = Event(), TimeBudget.wait

    def waiting(budget: TimeBudget, seconds: float) -> bool:
        waits.set()
        return wait(budget, seconds)

    monkeypatch.setattr(TimeBudget, "wait", waiting)
    with ThreadPoolExecutor(1) as worker:
        asked = worker.submit(ask, vendor)
        waits.wait()
        vendor.finish_within(0)
    with pytest.raises(told, match="time for this run is over") as caught:
        asked.result()
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(httpserver.log) == 1


def test_a_write_that_was_not_looked_at_is_sent_again(httpserver: HTTPServer, vendor: Scim) -> None:
    once(httpserver, 429, **{"Retry-After": "0"})
    vendor.update_account("u1", {"active": True})
    assert [request.method for request, _ in httpserver.log] == ["PATCH", "PATCH"]


def test_a_write_that_there_is_an_objection_to_by_now_is_not_sent_again(
    httpserver: HTTPServer, settings: At
) -> None:
    once(httpserver, 429, **{"Retry-After": "0"})
    said = iter(["", "another run has taken over"])
    address = settings(httpserver.url_for("/v2"))
    with (
        Scim(address, PATHS, objection=lambda: next(said)) as vendor,
        pytest.raises(NotSent, match="another run"),
    ):
        vendor.update_account("u1", {"active": True})
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 501, 503])
def test_a_write_is_refused_at_once(httpserver: HTTPServer, vendor: Scim, status: int) -> None:
    httpserver.expect_request(U1).respond_with_data("", status=status)
    with pytest.raises(ScimRefused):
        vendor.update_account("u1", {"active": True})
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("half_a_character", ["\ud800", "ana\udfff"])
def test_what_no_request_can_say_is_not_sent(
    httpserver: HTTPServer, vendor: Scim, half_a_character: str
) -> None:
    with pytest.raises(CounterpartError, match="cannot be sent") as caught:
        vendor.update_account("u1", {"userName": half_a_character})
    assert not isinstance(caught.value, OutcomeUnknown)
    assert httpserver.log == []


def test_whatever_happens_to_a_write_under_way_it_may_have_been_done(
    httpserver: HTTPServer, vendor: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise MemoryError

    httpserver.expect_request(U1).respond_with_json({"id": "u1"})
    monkeypatch.setattr(Body, "whole", full)
    with pytest.raises(OutcomeUnknown, match="MemoryError"):
        vendor.update_account("u1", {"active": True})


def test_what_there_is_an_objection_to_is_not_sent(httpserver: HTTPServer, settings: At) -> None:
    httpserver.expect_request(U1).respond_with_json({"id": "u1"})
    settings_ = settings(httpserver.url_for("/v2"))
    with Scim(settings_, PATHS, objection=lambda: "not now") as vendor:
        assert vendor.account("u1")
        for write in (
            lambda: vendor.create_account({"userName": "ana", "externalId": "x"}),
            lambda: vendor.update_account("u1", {"active": True}),
            lambda: vendor.create_set_group("Sales Team"),
            lambda: vendor.move(["u1"], {"g1": {"u1": "u1"}}, {}),
            lambda: vendor.move(["u1"], {}, {"g1": {}}),
        ):
            with pytest.raises(NotSent, match="not now"):
                write()
    assert [request.method for request, _ in httpserver.log] == ["GET"]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_write_that_failed_somewhere_may_have_been_done(
    httpserver: HTTPServer, vendor: Scim, status: int
) -> None:
    httpserver.expect_request(U1).respond_with_json({"detail": "sorry"}, status=status)
    with pytest.raises(OutcomeUnknown, match=f"{status} sorry"):
        vendor.update_account("u1", {"active": True})
    assert len(httpserver.log) == 1


def test_a_write_without_an_answer_in_time(
    httpserver: HTTPServer, vendor: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: Request) -> Response:
        time.sleep(1)
        return Response("{}")

    httpserver.expect_request(U1).respond_with_handler(slow)
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    with pytest.raises(OutcomeUnknown, match="no answer"):
        vendor.update_account("u1", {"active": True})


@contextmanager
def answering(
    *pieces: bytes, pause: float = 0, tls: ssl.SSLContext | None = None, then: bytes = b""
) -> Iterator[str]:
    """A server that sends a connection these pieces and hangs up; the text is its address.

    The next one gets what comes `then`; where that is nothing, there must be no next one.
    With `tls` the pieces are sent as they are, below the encryption, once the request is there.
    """

    def serve() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            with raw:
                connections.append(raw)
                secure = tls.wrap_socket(raw, server_side=True) if tls else raw
                secure.recv(65536)
                plain = socket.socket(fileno=secure.detach()) if tls else secure
                with plain:
                    try:
                        for piece in pieces if len(connections) == 1 else [then]:
                            plain.sendall(piece)
                            time.sleep(pause)
                    except OSError:
                        pass

    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/v2"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    assert len(connections) == (2 if then else 1), "it was asked oftener, or not again"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"


def test_a_write_whose_answer_breaks_off(settings: At) -> None:
    with answering(HEAD, b'{"id"') as url, pytest.raises(OutcomeUnknown):
        Scim(settings(url), PATHS).update_account("u1", {"active": True})


def test_a_read_whose_answer_breaks_off_is_tried_once_more(settings: At) -> None:
    whole = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id":"u1"}'
    with answering(HEAD, b'{"id"', then=whole) as url:
        assert Scim(settings(url), PATHS).account("u1")


def test_a_connection_that_is_cut_after_a_write(settings: At) -> None:
    with answering() as url, pytest.raises(OutcomeUnknown):
        Scim(settings(url), PATHS).update_account("u1", {"active": True})


def test_encryption_that_breaks_after_a_write(
    settings: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with answering(b"no TLS record" * 10, tls=tls) as url, pytest.raises(OutcomeUnknown):
        Scim(settings(url), PATHS).update_account("u1", {"active": True})


def test_a_certificate_that_nobody_signed_is_refused(
    httpserver_of_a_stranger: str, settings: At
) -> None:
    with pytest.raises(Unreachable, match="certificate is not trusted") as caught:
        Scim(settings(httpserver_of_a_stranger), PATHS).update_account("u1", {"active": True})
    assert not isinstance(caught.value, OutcomeUnknown)


@pytest.fixture
def httpserver_of_a_stranger() -> Iterator[str]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with HTTPServer("127.0.0.1", ssl_context=tls) as server:
        yield server.url_for("/v2")


def test_a_host_that_is_not_known_got_nothing(settings: At) -> None:
    vendor = Scim(settings("https://vendor.invalid/v2"), PATHS)
    with pytest.raises(Unreachable, match="not known") as caught:
        vendor.update_account("u1", {"active": True})
    assert not isinstance(caught.value, OutcomeUnknown)


def test_a_body_that_trickles_ends_with_the_time_budget(settings: At) -> None:
    drops = [b" "] * 100
    with (
        answering(HEAD, *drops, pause=0.05) as url,
        pytest.raises(Unreachable, match="time for this run is over"),
    ):
        Scim(settings(url), PATHS, time_budget=0.5).account("u1")


def test_html_with_status_200_is_no_answer(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request(U1).respond_with_data("<html>Maintenance</html>")
    with pytest.raises(Unreachable, match="200: a gateway or a sign-in page answered"):
        vendor.account("u1")


@pytest.mark.parametrize("status", [403, 404, 503])
def test_html_with_another_status_is_told_as_a_gateways(
    httpserver: HTTPServer, vendor: Scim, status: int
) -> None:
    page = "\ufeff\n<!DOCTYPE html><title>Blocked</title>"
    httpserver.expect_request(U1).respond_with_data(page, status=status)
    with pytest.raises(ScimRefused, match=f"{status} a gateway or a sign-in page answered"):
        vendor.update_account("u1", {"active": True})


def test_a_byte_order_mark_is_no_part_of_the_json(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request(U1).respond_with_data('\ufeff{"id": "u1", "userName": "ana"}')
    account = vendor.account("u1")
    assert account
    assert account.attributes["userName"] == "ana"


@pytest.mark.parametrize(
    ("location", "told"),
    [
        (
            "https://new.example/scim/v3/Users/u1",
            "set vendor.base_url to https://new.example/scim/v3",
        ),
        ("https://new.example/v2/Users/u1/?a=b", "set vendor.base_url to https://new.example/v2"),
        ("/v3/Users/u1", "set vendor.base_url to http://localhost:{port}/v3"),
        (
            "https://login.example/?next=x",
            "redirects to https://login.example/?next=x, which is no",
        ),
    ],
)
def test_a_redirect_names_its_target(
    httpserver: HTTPServer, vendor: Scim, location: str, told: str
) -> None:
    moved = {"Location": location}
    httpserver.expect_request(U1).respond_with_data("", status=301, headers=moved)
    with pytest.raises(ScimRefused) as caught:
        vendor.account("u1")
    assert told.format(port=httpserver.port) in str(caught.value)


def test_a_redirect_is_not_followed(httpserver: HTTPServer, vendor: Scim) -> None:
    elsewhere = {"Location": httpserver.url_for("/thief")}
    httpserver.expect_request(U1).respond_with_data("", status=302, headers=elsewhere)
    with pytest.raises(ScimRefused):
        vendor.account("u1")
    assert [request.path for request, _ in httpserver.log] == [U1]


def test_the_token_of_the_settings_is_sent_and_no_other(
    httpserver: HTTPServer, vendor: Scim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {httpserver.host} login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    httpserver.expect_request(U1).respond_with_json({"id": "u1"})
    vendor.account("u1")
    assert httpserver.log[0][0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token", ["two\nlines", "an ellipsi\u2026", "nul\0"])
def test_a_token_that_is_none_is_not_told(
    settings: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    secret = tmp_path / "token"
    secret.write_text(token)
    secret.chmod(0o600)
    reference = settings("http://127.0.0.1:9").token.parse(f"file:{secret}")
    vendor = settings("http://127.0.0.1:9").model_copy(update={"token": reference})
    with pytest.raises(Unauthorized, match="characters that no API token has") as caught:
        Scim(vendor, PATHS)
    assert token not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_remote_text_is_shortened_and_tamed(
    httpserver: HTTPServer, vendor: Scim, status: int
) -> None:
    hostile = f"no\x1b[31m\u202e\u061c\u00ad to {TOKEN}" + "x" * 5000
    body = {"detail": hostile, "scimType": f"{hostile}"}
    httpserver.expect_request(U1).respond_with_json(body, status=status)
    with pytest.raises((ScimRefused, Unauthorized, OutcomeUnknown)) as caught:
        vendor.update_account("u1", {"active": True})
    told = str(caught.value) + str(getattr(caught.value, "scim_type", ""))
    assert len(told) < 700
    assert told.isprintable()
    assert TOKEN not in told


def test_a_401_among_the_members_concerns_everything(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json(listed([]))
    group = {"id": "g1", "displayName": "Sales Team"}
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([group]))
    httpserver.expect_request("/v2/Groups/g1").respond_with_data("", status=401)
    with pytest.raises(Unauthorized):
        vendor.read(["Sales Team"], lambda _: None)


def test_a_group_that_cannot_be_read_is_not_empty(httpserver: HTTPServer, vendor: Scim) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json(listed([]))
    group = {"id": "g1", "displayName": "Sales Team"}
    httpserver.expect_request("/v2/Groups").respond_with_json(listed([group]))
    httpserver.expect_request("/v2/Groups/g1").respond_with_data("", status=403)
    target = vendor.read(["Sales Team"], lambda _: None)
    assert not target.complete
    assert "403" in target.because
