"""HashiCorp Vault on loopback: what its KV engine answers, of version 1 and 2, and its refusals.

"HTTP API" (errors), "KV secrets engine - version 1 / version 2 (API)".
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

TOKEN = "token-of-the-vault"


@dataclass
class Vault:
    """`data` by the API's path. With `status` it refuses with `errors`."""

    data: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    errors: tuple[str, ...] = ()
    reads: int = 0

    def answer(self, request: Request) -> Response:
        if self.status != 200:
            return _answer(self.status, errors=self.errors)
        if request.headers.get("X-Vault-Token") != TOKEN:
            return _answer(403, errors=["permission denied"])
        self.reads += 1
        path = request.path.removeprefix("/v1/")
        if path not in self.data:
            return _answer(404, errors=[])
        return _answer(200, lease_duration=0, data=self.data[path])


def _answer(status: int, **body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def of_version_2(**fields: str) -> dict[str, Any]:
    """As its answer has them, with the version's metadata."""
    return {"data": fields, "metadata": {"version": 3, "destroyed": False, "deletion_time": ""}}


def vault_at(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """The one that Vault's own variables name."""
    vault = Vault()
    httpserver.expect_request(re.compile("/v1/.+")).respond_with_handler(vault.answer)
    monkeypatch.setenv("VAULT_ADDR", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    monkeypatch.delenv("VAULT_NAMESPACE", raising=False)
    return vault
