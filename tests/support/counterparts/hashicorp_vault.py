"""HashiCorp Vault on loopback: what its KV engine answers, of version 1 and 2, and its refusals.

"HTTP API" (errors), "KV secrets engine - version 1 / version 2 (API)", "AppRole auth method (API)".
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

TOKEN = "token-of-the-vault"


@dataclass
class Vault:
    """`data` by the API's path, `roles` with their secret ids. With `status` it refuses with
    `errors`; `before_write` is what somebody else does then.
    """

    data: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    errors: tuple[str, ...] = ()
    reads: int = 0
    roles: dict[str, str] = field(default_factory=dict)
    before_write: Callable[[], None] = lambda: None

    def answer(self, request: Request) -> Response:
        if self.status != 200:
            return _answer(self.status, errors=self.errors)
        path = request.path.removeprefix("/v1/")
        if path == "auth/approle/login":
            return self._sign_in(**json.loads(request.data))
        if request.headers.get("X-Vault-Token") != TOKEN:
            return _answer(403, errors=["permission denied"])
        if request.method != "GET":
            return self._write(path, json.loads(request.data))
        self.reads += 1
        if path not in self.data:
            return _answer(404, errors=[])
        return _answer(200, lease_duration=0, data=self.data[path])

    def fields(self, path: str) -> Any:
        """Of either version of the engine."""
        data = self.data[path]
        return data["data"] if "metadata" in data else data

    def put(self, path: str, fields: dict[str, str]) -> None:
        """A new version, of version 2 of the engine."""
        version = self.data[path]["metadata"]["version"] + 1
        self.data[path] = of_version_2(version, **fields)

    def _write(self, path: str, body: Any) -> Response:
        self.before_write()
        if "metadata" not in self.data[path]:
            self.data[path] = body
            return Response(status=204)
        if body["options"]["cas"] != self.data[path]["metadata"]["version"]:
            why = "check-and-set parameter did not match the current version"
            return _answer(400, errors=[why])
        self.put(path, body["data"])
        return _answer(200, data=self.data[path]["metadata"])

    def _sign_in(self, role_id: str, secret_id: str) -> Response:
        if self.roles.get(role_id) != secret_id:
            return _answer(400, errors=["invalid role or secret ID"])
        return _answer(200, auth={"client_token": TOKEN})


def _answer(status: int, **body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def of_version_2(version: int = 3, /, **fields: str) -> dict[str, Any]:
    """As its answer has them, with the version's metadata."""
    metadata = {"version": version, "destroyed": False, "deletion_time": ""}
    return {"data": fields, "metadata": metadata}


def vault_at(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """The one that Vault's own variables name."""
    vault = Vault()
    httpserver.expect_request(re.compile("/v1/.+")).respond_with_handler(vault.answer)
    monkeypatch.setenv("VAULT_ADDR", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    for name in ("VAULT_NAMESPACE", "VAULT_ROLE_ID", "VAULT_SECRET_ID"):
        monkeypatch.delenv(name, raising=False)
    return vault
