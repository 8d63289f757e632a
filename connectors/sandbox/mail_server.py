"""A mail server on loopback that keeps what it is given, so that messages can be read."""

import asyncio
import email
import email.policy
from collections import deque
from datetime import UTC, datetime
from functools import partial
from threading import Thread
from typing import Any, NamedTuple, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
KEPT = 50
"""Mails, the newest."""


class Mail(NamedTuple):
    """A received mail, decoded."""

    at: datetime
    to: str
    subject: str
    text: str


class Mailbox:
    """Receives mail while the `with` block runs; `mails` has the newest first."""

    def __init__(self) -> None:
        self.mails: deque[Mail] = deque(maxlen=KEPT)
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        listen = self._loop.create_server(partial(SMTP, self, loop=self._loop), HOST, 0)
        self._server = self._loop.run_until_complete(listen)
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        self._loop.run_until_complete(self._server.wait_closed())
        self._loop.close()

    @property
    def address(self) -> str:
        """As `notifications` of the configuration take it, by a reference: Apprise's."""
        people = "from=seatsync@harbour.example&to=operators@harbour.example"
        return f"mailto://{HOST}:{self.port}?{people}&mode=insecure"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """A mail was sent whole (RFC 5321, section 4.1.1.4)."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail: Any = email.message_from_bytes(content, policy=email.policy.default)
        body = mail.get_body(("plain", "html"))
        text = body.get_content().strip() if body else ""
        came = Mail(datetime.now(UTC), str(mail["to"]), str(mail["subject"]), text)
        self.mails.appendleft(came)
        return "250 OK"
