"""SCIM servers that others wrote, as they come, and the sandbox's: counterparts on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from support.counterparts.running_vendor import running_vendor

HOST, TOKEN = "127.0.0.1", "the-token-of-these-servers"
SCIMMY = Path(__file__).parent / "scimmy"
STARTING_SECONDS = 300


class NotToBeHad(Exception):
    """This server cannot run on this machine; its text says why."""


@dataclass(frozen=True)
class Server:
    """A running one, and the plainest client there is: what it says is what the server says."""

    url: str
    token: str = TOKEN

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        return requests.request(
            method,
            self.url + path,
            json=body,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/scim+json",
                **headers,
            },
            timeout=STARTING_SECONDS,
        )

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> requests.Response:
        schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
        body = {"schemas": [schema], "Operations": list(operations)}
        return self.ask("PATCH", path, body, **headers)

    def create(self, kind: str, **attributes: Any) -> str:
        created = self.ask("POST", f"/{kind}s", resource(kind, **attributes))
        assert created.status_code == 201, created.text
        return str(created.json()["id"])

    def members(self, group: str) -> list[str]:
        read = self.ask("GET", f"/Groups/{group}").json()
        return [str(member["value"]) for member in read.get("members") or ()]


def resource(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{kind}"], **attributes}


@contextmanager
def sandbox() -> Iterator[Server]:
    """The vendor of `seatsync demo`, with a set that some of the groups are named like."""
    with running_vendor({"Sales Team": ["Sales"]}) as running:
        yield Server(running.scim_url, running.token)


@contextmanager
def scim2_server() -> Iterator[Server]:
    """The program of the same name."""
    port = _free_port()
    program = Path(sys.executable).with_name("scim2-server")
    with _serving(
        [program, "--port", str(port), "--bearer-token", TOKEN],
        lambda _: f"http://{HOST}:{port}/v2",
    ) as server:
        yield server


@contextmanager
def scimmy() -> Iterator[Server]:
    """SCIMMY and its routers under express; how resources are kept is the user's, here two maps."""
    _install_scimmy()
    with _serving(
        ["node", SCIMMY / "server.mjs"], lambda output: f"http://{HOST}:{int(output.readline())}/v2"
    ) as server:
        yield server


SERVERS: dict[str, Callable[[], AbstractContextManager[Server]]] = {
    "sandbox": sandbox,
    "scim2-server": scim2_server,
    "scimmy": scimmy,
}


@contextmanager
def _serving(command: list[Any], url_of: Callable[[Any], str]) -> Iterator[Server]:
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TOKEN": TOKEN},
    ) as process:
        try:
            server = Server(url_of(process.stdout))
            _wait_for(server, process)
            yield server
        finally:
            process.kill()


def _wait_for(server: Server, process: "subprocess.Popen[str]") -> None:
    """As long as it runs: how long a start takes is the machine's affair."""
    while True:
        try:
            server.ask("GET", "/ServiceProviderConfig")
        except requests.ConnectionError:
            if process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@cache
def _install_scimmy() -> None:
    """Once per checkout, in another folder first: half an installation is none."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise NotToBeHad("scimmy needs node and npm, which are not on this machine")
    installed = SCIMMY / "node_modules"
    if installed.exists():
        return
    with TemporaryDirectory(dir=SCIMMY.parent) as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SCIMMY / name, folder)
        # Exactly what is locked, by its hashes, and none of its scripts.
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        npm += ["--fetch-retries=0"]  # where there is no network, soon
        if subprocess.run(npm, cwd=folder, check=False, capture_output=True).returncode:
            raise NotToBeHad("scimmy could not be fetched with npm")
        (Path(folder) / "node_modules").rename(installed)
