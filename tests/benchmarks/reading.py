"""How fast members come from the socket into a frame, beside two others in the same run.

ours     `Entra.read_sets`: token, group, pages, count, frames
limit    plain httpx and orjson that collect tuples: nothing is checked, nothing is kept in columns
SDK      msgraph-sdk's PageIterator with its typed models

The server has its answers ready and runs in a process of its own, and so does each measurement.
"""

import asyncio
import json
import os
import re
import resource
import ssl
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_DNS, uuid5

import goals

if TYPE_CHECKING:
    from config.settings import DirectorySettings

TENANT = str(uuid5(NAMESPACE_DNS, "tenant"))
PAGE = 999
ATTRIBUTES = (
    "id",
    "userPrincipalName",
    "mail",
    "givenName",
    "surname",
    "accountEnabled",
    "userType",
)
FEW, MANY, MOST = 2_000, 100_000, 1_000_000
TRIES = 3
SPAWN = get_context("spawn")


@dataclass(frozen=True)
class Measured:
    """Of one way to read, in a process of its own; `megabytes` are what reading added.

    `seconds` pass on the clock, `work` on the reader's processor: that one hardly depends on what
    else the machine does.
    """

    members: int
    seconds: float
    work: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.members / self.seconds:,.0f}/s ({self.members / self.work:,.0f}/s of work)"


@dataclass(frozen=True)
class Server:
    """Where the members are: groups of `FEW`, `MANY` and `MOST`, by their sizes as names."""

    url: str
    ca_file: str


Way = Callable[[Server, int], Measured]

Answers = dict[tuple[str, str], bytes]
"""By path, and token of the page."""


# The server


def serve(
    ready: Connection,
    folder: str,
    more: Callable[[str], Answers] = lambda _: {},
    latency: float = 0,
) -> None:
    """`more` are answers beside those of the groups; each comes after `latency` seconds."""
    asyncio.run(_serve(ready, Path(folder), more, latency))


async def _serve(
    ready: Connection, folder: Path, more: Callable[[str], Answers], latency: float
) -> None:
    import trustme

    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    answers: Answers = {}

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            target = urlsplit(head.split(b" ", 2)[1].decode())
            query = parse_qs(target.query)
            at = query.get("$skiptoken", query.get("$deltatoken", ["0"]))[0]
            await asyncio.sleep(latency)
            writer.write(answers.get((target.path, at)) or _looked_up(target.path, query))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", 0, ssl=tls)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    answers.update({**_answers(url), **more(url)})
    ready.send(Server(url, str(folder / "ca.pem")))
    async with server:
        await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    length = next((n for n in head.lower().split(b"\r\n") if n.startswith(b"content-length")), b"")
    await reader.readexactly(int(length.partition(b":")[2] or 0))
    return head


def sign_in(url: str, tenant_id: str) -> dict[str, object]:
    """By path, what an app is told that signs in to a tenant at this address."""
    root = f"{url}/{tenant_id}"
    return {
        f"/{tenant_id}/v2.0/.well-known/openid-configuration": {
            "issuer": f"{root}/v2.0",
            "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
            "token_endpoint": f"{root}/oauth2/v2.0/token",
        },
        f"/{tenant_id}/oauth2/v2.0/token": {
            "token_type": "Bearer",
            "expires_in": 3600,
            "access_token": "token",
        },
    }


def _answers(url: str) -> Answers:
    found = {
        **sign_in(url, TENANT),
        "/v1.0/groups": {
            "value": [{"id": str(size), "displayName": f"{size}"} for size in (FEW, MANY, MOST)]
        },
    }
    answers = {(path, "0"): http(json.dumps(body).encode()) for path, body in found.items()}
    for size in (FEW, MANY, MOST):
        path = f"/v1.0/groups/{size}/members"
        answers[f"{path}/graph.user/$count", "0"] = http(str(size).encode())
        for start in range(0, size, PAGE):
            page: dict[str, object] = {
                "value": [user(at) for at in range(start, min(start + PAGE, size))]
            }
            if start + PAGE < size:
                page["@odata.nextLink"] = f"{url}{path}?$skiptoken={start + PAGE}"
            answers[path, str(start)] = http(json.dumps(page, separators=(",", ":")).encode())
    return answers


def _looked_up(path: str, query: dict[str, list[str]]) -> bytes:
    """Users by their ids, and that nobody is in any group or in the recycle bin."""
    ids = re.findall(r"'([^']*)'", query.get("$filter", [""])[0]) if path == "/v1.0/users" else ()
    found = [user(int(text[-12:], 16)) for text in ids]
    return http(json.dumps({"value": found}).encode())


def user(at: int) -> dict[str, object]:
    return {
        "@odata.type": "#microsoft.graph.user",
        "id": f"{at:08x}-7b3a-4c5d-9e1f-{at:012x}",
        "userPrincipalName": f"given.surname{at}@harbour.example",
        "mail": f"given.surname{at}@harbour.example",
        "givenName": f"Given{at % 997}",
        "surname": f"Surname{at % 9973}",
        "accountEnabled": True,
        "userType": "Member",
    }


def http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


# The three ways to read


def tenant(server: Server) -> "DirectorySettings":
    from config.settings import DirectorySettings

    os.environ["BENCHMARK_SECRET"] = "secret"
    return DirectorySettings.model_validate(
        {
            "tenant_id": TENANT,
            "client_id": TENANT,
            "credential": {"secret": "env:BENCHMARK_SECRET"},
            "cloud": {"authority": server.url, "graph": server.url, "ca_file": server.ca_file},
        }
    )


def ours(server: Server, size: int) -> Measured:
    from config.settings import SubscriptionSet
    from connectors.entra.client import Entra

    entra = Entra(tenant(server))
    wanted = SubscriptionSet.model_construct(name=str(size), products=("Sales",))

    def read() -> int:
        found = entra.read_sets([wanted], (), lambda _: None)
        assert found.reads[0].complete, found.reads[0].because
        assert len(found.people) == len(found.members)
        return len(found.people)

    return _measured(read)


def limit(server: Server, size: int) -> Measured:
    import httpx
    import orjson

    async def collect() -> int:
        people: list[tuple[object, ...]] = []
        tls = ssl.create_default_context(cafile=server.ca_file)
        async with httpx.AsyncClient(verify=tls) as client:
            url = f"{server.url}/v1.0/groups/{size}/members"
            while url:
                body = orjson.loads((await client.get(url)).content)
                people += [tuple([user[name] for name in ATTRIBUTES]) for user in body["value"]]
                url = body.get("@odata.nextLink")
        return len(people)

    return _measured(lambda: asyncio.run(collect()))


def typed_models(server: Server, size: int) -> Measured:
    import httpx
    from kiota_abstractions.authentication import AnonymousAuthenticationProvider
    from msgraph.graph_request_adapter import GraphRequestAdapter
    from msgraph.graph_service_client import GraphServiceClient
    from msgraph_core import GraphClientFactory, PageIterator

    async def collect() -> int:
        tls = ssl.create_default_context(cafile=server.ca_file)
        async with GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(verify=tls)
        ) as http:
            adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), http)
            adapter.base_url = f"{server.url}/v1.0"
            first = (
                await GraphServiceClient(request_adapter=adapter)
                .groups.by_group_id(str(size))
                .members.get()
            )
            people: list[tuple[object, ...]] = []

            def take(user: Any) -> bool:
                people.append((user.id, user.user_principal_name, user.mail, user.account_enabled))
                return True

            await PageIterator(first, adapter).iterate(take)
        return len(people)

    return _measured(lambda: asyncio.run(collect()))


def _measured(read: Callable[[], int]) -> Measured:
    before, began, worked = _peak(), perf_counter(), process_time()
    members = read()
    return Measured(members, perf_counter() - began, process_time() - worked, _peak() - before)


def _peak() -> float:
    """Megabytes; Linux counts kibibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fastest(server: Server, size: int, *ways: Way) -> list[Measured]:
    """Each way's best of a few, taken in turns: other work on the machine only adds to them."""
    tries = [[alone(way, server, size) for way in ways] for _ in range(TRIES)]
    return [
        Measured(
            size,
            min(one.seconds for one in mine),
            min(one.work for one in mine),
            min(one.megabytes for one in mine),
        )
        for mine in zip(*tries, strict=True)
    ]


def alone(way: Way, server: Server, size: int) -> Measured:
    """In a process of its own, which has done nothing else."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        found = pool.submit(way, server, size).result()
    assert found.members == size
    return found


def main() -> None:
    with TemporaryDirectory() as folder:
        ready, far_end = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=serve, args=(far_end, folder), daemon=True)
        process.start()
        server: Server = ready.recv()
        for size in (MANY, MOST):
            mine, best = fastest(server, size, ours, limit)
            goals.note(f"{size:,} members: ours {mine}, httpx + orjson {best}")
            goals.at_least(
                0.9,
                best.work / mine.work,
                "of its speed",
                f"read of {size:,} members of a group, CPU, against httpx and orjson",
            )
        goals.note(f"peak memory: ours {mine.megabytes:,.0f} MB, tuples {best.megabytes:,.0f} MB")
        (mine,), typed = fastest(server, MANY, ours), alone(typed_models, server, FEW)
        times = (typed.work / FEW) / (mine.work / MANY)
        goals.note(f"SDK's typed models, {FEW:,} members: {typed}")
        goals.at_least(
            500, times, "times as fast", "read of members, CPU, against the SDK's typed models"
        )
        process.terminate()


if __name__ == "__main__":
    main()
