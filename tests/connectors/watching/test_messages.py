"""Messages as a real SMTP server and a real webhook receive them; failures tell no secret."""

import email
import email.policy
import json
import socket
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_httpserver import HTTPServer
from werkzeug import Response

from config.secret_redaction import forget, without_secrets
from config.secret_reference import SecretReference
from connectors.errors import CounterpartError, Unreachable
from connectors.watching.messages import send

TO = SecretReference("env", "SEATSYNC_TELL")
PASSWORD = "canary-of-9"


class Mailbox:
    """A mail server on loopback: what it was given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()


def tell(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(TO.place, address)
    send(TO, "seatsync, ZoomInfo: a plan waits for review", "Ana <&> Tom\nand a link")


def test_a_mail_comes_as_it_was_written(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    at = f"mailto://127.0.0.1:{mailbox.port}?from=seatsync@a.example&to=team@b.example"
    tell(monkeypatch, f"{at}&mode=insecure")
    (mail,) = mailbox.mails
    assert (mail["to"], mail["subject"]) == (
        "team@b.example",
        "seatsync, ZoomInfo: a plan waits for review",
    )
    body = mail.get_body(("plain",))
    assert body
    assert "Ana <&> Tom" in body.get_content()
    assert "apprise" not in body.get_content().lower()


def test_a_webhook_comes_whole(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("")
    tell(monkeypatch, f"json://127.0.0.1:{httpserver.port}/hook")
    ((request, _),) = httpserver.log
    sent = json.loads(request.get_data())
    assert sent["title"] == "seatsync, ZoomInfo: a plan waits for review"
    assert sent["message"] == "Ana <&> Tom\nand a link"


def test_no_redirect_is_followed(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Response(status=307, headers={"Location": httpserver.url_for("/elsewhere")})
    httpserver.expect_request("/hook").respond_with_response(away)
    with pytest.raises(Unreachable, match="307"):
        tell(monkeypatch, f"json://127.0.0.1:{httpserver.port}/hook")
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        (f"json://eva:{PASSWORD}@127.0.0.1:9/{PASSWORD}-of-a-path", Unreachable, "JSON"),
        (f"nonsense://eva:{PASSWORD}@127.0.0.1:9", CounterpartError, "no address as Apprise"),
        ("", CounterpartError, "SEATSYNC_TELL is not set or empty"),
    ],
)
def test_what_cannot_be_told_is_said_without_a_secret(
    address: str,
    kind: type[Exception],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    forget()
    with pytest.raises(kind, match=said) as failed:
        tell(monkeypatch, address)
    assert PASSWORD not in str(failed.value)
    if address:  # whoever repeats it, and in whatever text
        assert without_secrets(f"{PASSWORD}, {address}") == "***, ***"
    assert capfd.readouterr() == ("", "")
