"""Answers one HTTP request after another on a connection, as real servers do.

Werkzeug's own handler closes it after each, and a client of Graph's would shake hands for TLS anew
every time.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler
from werkzeug.test import run_wsgi_app


class KeepAliveHandler(WSGIRequestHandler):
    """Logs nothing: the ledgers have it all."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """One request, read to its end, and its answer.

        The connection ends with an answer that breaks off, or whose length is not said
        (RFC 9112, section 6.3).
        """
        keeps, self.close_connection = not self.close_connection, True
        environ = self.make_environ()
        if "Content-Length" in self.headers:
            environ["wsgi.input"] = BytesIO(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            parts, status, headers = run_wsgi_app(self.server.app, environ)
        except ConnectionError as error:
            return self.connection_dropped(error, environ)
        except Exception:
            self.server.handle_error(self.connection, self.client_address)
            parts, status, headers = run_wsgi_app(InternalServerError(), environ)
        length = int(headers.get("Content-Length", -1 if _has_content(status) else 0))
        keeps = keeps and length >= 0 and "Transfer-Encoding" not in self.headers
        try:
            self._begin(status, headers, keeps)
            self.close_connection = self._send(parts) != length or not keeps
        except OSError as error:
            self.connection_dropped(error, environ)

    def _begin(self, status: str, headers: Headers, keeps: bool) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not keeps:
            self.send_header("Connection", "close")
        self.end_headers()

    def _send(self, parts: Iterable[bytes]) -> int:
        """How many bytes they were."""
        sent = 0
        try:
            for part in parts:
                sent += self.wfile.write(part)
        finally:
            if close := getattr(parts, "close", None):
                close()
        return sent

    def log(self, *_: Any) -> None:
        """See the class."""


def _has_content(status: str) -> bool:
    """RFC 9110, sections 15.3.5 and 15.4.5."""
    return not status.startswith(("204", "304"))
