"""Azure Key Vault on loopback, behind its own host name: secrets, its challenge, its refusals.

"Azure Key Vault REST API reference", Get Secret and Set Secret; "Authentication, requests and
responses" (the challenge of 401); "REST API error codes". The identity is that of a virtual
machine, by its metadata service.
"""

import json
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from support.counterparts.azure_imds import IMDS, in_azure
from support.counterparts.proxy import proxy_to

HOST = "seats.vault.azure.net"
ACCESS_TOKEN = "access-token-of-a-managed-identity"
CHALLENGE = (
    'Bearer authorization="https://login.microsoftonline.com/'
    '11111111-1111-1111-1111-111111111111", resource="https://vault.azure.net"'
)
CODES = {403: "Forbidden", 404: "SecretNotFound", 503: "ServiceUnavailable"}


@dataclass
class KeyVault:
    """`secrets` by name and by name/version. With `status` it refuses, telling what it was sent."""

    secrets: dict[str, str] = field(default_factory=dict)
    status: int = 200
    reads: int = 0

    def answer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {ACCESS_TOKEN}":
            return Response("{}", 401, {"WWW-Authenticate": CHALLENGE})
        name = request.path.removeprefix("/secrets/").strip("/")
        if self.status != 200:
            return self._refusal(self.status, f"{request.headers['Authorization']} for {name}")
        if request.method == "PUT":
            self.secrets[name] = json.loads(request.data)["value"]
        self.reads += request.method == "GET"
        if name not in self.secrets:
            return self._refusal(404, f"A secret with (name/id) {name} was not found")
        told = {"value": self.secrets[name], "id": f"https://{HOST}/secrets/{name}"}
        return Response(json.dumps(told | {"attributes": {"enabled": True}}))

    def _refusal(self, status: int, message: str) -> Response:
        error = {"code": CODES.get(status, "Error"), "message": message}
        return Response(json.dumps({"error": error}), status, content_type="application/json")


@contextmanager
def key_vault(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> Iterator[KeyVault]:
    """What asks `HOST` is led there by a proxy; `httpserver` becomes the machine's metadata."""
    vault, authority, tls = KeyVault(), trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name in ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    in_azure(httpserver, monkeypatch).expect_request(IMDS).respond_with_json(
        {
            "access_token": ACCESS_TOKEN,
            "expires_in": "3600",
            "expires_on": str(int(time.time()) + 3600),
            "resource": "https://vault.azure.net",
            "token_type": "Bearer",
        }
    )
    with (
        HTTPServer("127.0.0.1", ssl_context=tls) as server,
        proxy_to(server.port) as proxy,
    ):
        server.expect_request(re.compile("/secrets/.+")).respond_with_handler(vault.answer)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "ca.pem"))
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        yield vault
