"""Azure's instance metadata service (IMDS) on loopback: the identity of a virtual machine."""

import json
import time
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from connectors.sandbox.server import Sandbox

IMDS = "/metadata/identity/oauth2/token"


def in_azure(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """msal asks this server for the metadata of the virtual machine, and nobody else."""
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "IMDS_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", httpserver.url_for("/"))
    return httpserver


def metadata_service(sandbox: Sandbox, **needed: str) -> Callable[[Request], Response]:
    """Gives a token of the sandbox to whoever asks for its Graph with what is `needed`."""

    def answer(request: Request) -> Response:
        asked, got = {"resource": sandbox.graph_url, **needed}, request.args.to_dict()
        if request.headers.get("Metadata") != "true" or not asked.items() <= got.items():
            return Response('{"error": "invalid_request"}', 400)
        token = {
            "access_token": sandbox.graph.authority.issue(sandbox.graph.roles),
            "expires_in": "3600",
            "expires_on": str(int(time.time()) + 3600),
            "resource": sandbox.graph_url,
            "token_type": "Bearer",
        }
        return Response(json.dumps(token))

    return answer
