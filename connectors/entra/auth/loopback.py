"""A server on this machine to which the browser sends the answer of a sign-in, as one form.

RFC 8252, section 7.3; OAuth 2.0 Form Post Response Mode, so that no code is in an address.
"""

from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from secrets import token_urlsafe
from threading import Thread
from typing import Self
from urllib.parse import parse_qs

LARGEST_FORM = 64 << 10
"""Bytes. A code is about one thousand."""

READ_SECONDS = 10
POLL_SECONDS = 0.05

DONE = "Seatsync has the answer and says in the terminal what came of it. You may close this page."


class Loopback:
    """Listens from `with` to its end. Only a form with its `state` is taken for the answer."""

    def __init__(self) -> None:
        self.state = token_urlsafe(24)
        self._answers: SimpleQueue[dict[str, str]] = SimpleQueue()

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def redirect_uri(self) -> str:
        """The address for Entra: by name, since it takes `localhost` with any port."""
        return f"http://localhost:{self._server.server_port}"

    def answer(self, seconds: float) -> dict[str, str] | None:
        """The form's fields; None if none comes in time."""
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answers, state = self._answers, self.state.encode()

        class Handler(BaseHTTPRequestHandler):
            timeout = READ_SECONDS

            def do_POST(self) -> None:
                form = self._form()
                if compare_digest(form.get("state", "").encode(), state):
                    self._page(200, DONE)
                    answers.put(form)
                else:
                    self._page(400, "This is not the answer of the sign-in that was begun here.")

            def _form(self) -> dict[str, str]:
                length = self.headers.get("Content-Length", "")
                if not length.isascii() or not length.isdigit() or int(length) > LARGEST_FORM:
                    return {}
                body = self.rfile.read(int(length)).decode(errors="replace")
                return {name: values[0] for name, values in parse_qs(body).items()}

            def _page(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Logs nothing: a request may contain a code."""

        return Handler
