"""How fast members come from the socket into a frame, beside two others in the same run.

ours     `Entra.read_sets`: token, group, pages, count, frames
limit    plain httpx and orjson that collect tuples: nothing is checked, nothing is kept in columns
SDK      msgraph-sdk's PageIterator with its typed models

The server has its answers ready and runs in a process of its own, and so does each measurement.
"""

import asyncio
import gzip
import json
import os
import resource
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
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
    from config.directory import DirectorySettings

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
TEAMS = {f"team {at}": range(at * 10_000, (at + 1) * 10_000) for at in range(10)}
GROUPS = {str(size): range(size) for size in (FEW, MANY, MOST)} | TEAMS
"""By name, which users are members."""
LATE = 0.05
"""Seconds until an answer comes: a tenant that is some way off."""
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
    """Where the members of `GROUPS` are."""

    url: str
    ca_file: str


Way = Callable[[Server, tuple[str, ...]], Measured]
"""Reads groups, by their names."""

Answers = dict[tuple[str, str], bytes]
"""By path, and token of the page."""


# The server


def serve(ready: Connection, folder: str, answers: Callable[[str], Answers], late: float) -> None:
    """Sends where it listens as soon as it does; each answer comes after `late` seconds."""
    asyncio.run(_serve(ready, Path(folder), answers, late))


async def _serve(
    ready: Connection, folder: Path, made: Callable[[str], Answers], late: float
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
            at = query.get("$skiptoken", ["0"])[0]
            await asyncio.sleep(late)
            writer.write(answers.get((target.path, at), NOBODY))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", 0, ssl=tls)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    answers.update(made(url))
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


def up_to_many(url: str) -> Answers:
    return up_to_most(url, MANY)


def up_to_most(url: str, largest: int = MOST) -> Answers:
    """What Graph answers about the groups up to the `largest`."""
    found = {
        **sign_in(url, TENANT),
        "/v1.0/groups": {
            "value": [{"id": name.replace(" ", "-"), "displayName": name} for name in GROUPS]
        },
    }
    answers = {(path, "0"): http(json.dumps(body).encode()) for path, body in found.items()}
    for name, members in GROUPS.items():
        if len(members) > largest:
            continue
        path = f"/v1.0/groups/{name.replace(' ', '-')}/members"
        answers[f"{path}/graph.user/$count", "0"] = http(str(len(members)).encode())
        for start in range(0, len(members), PAGE):
            some = members[start : start + PAGE]
            page: dict[str, object] = {"value": [user(at) for at in some]}
            if start + PAGE < len(members):
                page["@odata.nextLink"] = f"{url}{path}?$skiptoken={start + PAGE}"
            answers[path, str(start)] = http(json.dumps(page, separators=(",", ":")).encode())
    return answers


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


def http(body: bytes, status: str = "200 OK", encoding: str = "identity") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
        f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


NOBODY = http(b'{"value": []}')


def packed(url: str) -> Answers:
    """As `up_to_many`, as Graph sends it to whoever takes gzip."""
    return {
        asked: http(gzip.compress(answer.partition(b"\r\n\r\n")[2], 6), encoding="gzip")
        for asked, answer in up_to_many(url).items()
    }


# The three ways to read


def tenant(server: Server) -> "DirectorySettings":
    from config.directory import DirectorySettings

    os.environ["BENCHMARK_SECRET"] = "secret"
    return DirectorySettings.model_validate(
        {
            "tenant_id": TENANT,
            "client_id": TENANT,
            "credential": {"secret": "env:BENCHMARK_SECRET"},
            "cloud": {"authority": server.url, "graph": server.url, "ca_file": server.ca_file},
        }
    )


def ours(server: Server, groups: tuple[str, ...]) -> Measured:
    from config.subscription_set import SubscriptionSet
    from connectors.entra.client import Entra

    entra = Entra(tenant(server))
    wanted = [SubscriptionSet.model_construct(name=name, products=("Sales",)) for name in groups]

    def read() -> int:
        found = entra.read_sets(wanted, (), lambda _: None)
        assert all(one.complete for one in found.reads), found.reads[0].because
        assert len(found.people) == len(found.members)
        return len(found.people)

    return measured(read)


def limit(server: Server, groups: tuple[str, ...]) -> Measured:
    import httpx
    import orjson

    async def collect() -> int:
        people: list[tuple[object, ...]] = []
        tls = ssl.create_default_context(cafile=server.ca_file)
        async with httpx.AsyncClient(verify=tls) as client:
            for group in groups:
                url = f"{server.url}/v1.0/groups/{group.replace(' ', '-')}/members"
                while url:
                    body = orjson.loads((await client.get(url)).content)
                    people += [tuple([user[name] for name in ATTRIBUTES]) for user in body["value"]]
                    url = body.get("@odata.nextLink")
        return len(people)

    return measured(lambda: asyncio.run(collect()))


def typed_models(server: Server, groups: tuple[str, ...]) -> Measured:
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
                .groups.by_group_id(groups[0])
                .members.get()
            )
            people: list[tuple[object, ...]] = []

            def take(user: Any) -> bool:
                people.append((user.id, user.user_principal_name, user.mail, user.account_enabled))
                return True

            await PageIterator(first, adapter).iterate(take)
        return len(people)

    return measured(lambda: asyncio.run(collect()))


def measured(read: Callable[[], int]) -> Measured:
    before, began, worked = _peak(), perf_counter(), process_time()
    members = read()
    return Measured(members, perf_counter() - began, process_time() - worked, _peak() - before)


def _peak() -> float:
    """Megabytes; Linux counts kibibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fastest(server: Server, groups: tuple[str, ...], *ways: Way) -> list[Measured]:
    """Each way's best of a few, taken in turns: other work on the machine only adds to them."""
    tries = [[alone(way, server, groups) for way in ways] for _ in range(TRIES)]
    return [
        Measured(
            mine[0].members,
            min(one.seconds for one in mine),
            min(one.work for one in mine),
            min(one.megabytes for one in mine),
        )
        for mine in zip(*tries, strict=True)
    ]


def alone(way: Way, server: Server, groups: tuple[str, ...]) -> Measured:
    """In a process of its own, which has done nothing else."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        found = pool.submit(way, server, groups).result()
    assert found.members == sum(len(GROUPS[name]) for name in groups)
    return found


@contextmanager
def running(*arguments: object) -> Iterator[Server]:
    """A server in a process of its own, with the `arguments` of `serve` after the folder."""
    with TemporaryDirectory() as folder:
        ready, far_end = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=serve, args=(far_end, folder, *arguments), daemon=True)
        process.start()
        yield ready.recv()
        process.terminate()


def compare(server: Server, groups: tuple[str, ...], what: str) -> float:
    """Prints the row of ours against the limit by work; seconds of ours."""
    mine, best = fastest(server, groups, ours, limit)
    goals.note(f"{what}: ours {mine}, httpx + orjson {best}")
    goals.note(f"peak memory: ours {mine.megabytes:,.0f} MB, tuples {best.megabytes:,.0f} MB")
    against = "CPU, against httpx and orjson"
    goals.at_least(0.9, best.work / mine.work, "of its speed", f"read of {what}, {against}")
    return mine.work


def main() -> None:
    with running(up_to_most, 0) as server:
        seconds = {
            size: compare(server, (str(size),), f"{size:,} members of a group")
            for size in (MANY, MOST)
        }
        goals.grows_linearly(seconds, "read of the members of a group")
        compare(server, tuple(TEAMS), f"{MANY:,} members of {len(TEAMS)} groups")
        (mine,), typed = (
            fastest(server, (str(MANY),), ours),
            alone(typed_models, server, (str(FEW),)),
        )
    times = (typed.work / FEW) / (mine.work / MANY)
    goals.note(f"SDK's typed models, {FEW:,} members: {typed}")
    goals.at_least(
        500, times, "times as fast", "read of members, CPU, against the SDK's typed models"
    )
    with running(packed, 0) as server:
        compare(server, (str(MANY),), f"{MANY:,} members, packed by gzip")
    with running(up_to_many, LATE) as server:
        mine, best = fastest(server, (str(MANY),), ours, limit)
    what = f"read of {MANY:,} members, {LATE * 1000:.0f} ms to every answer, by the clock"
    goals.note(f"{what}: ours {mine}, httpx + orjson {best}")
    goals.at_least(
        0.9, best.seconds / mine.seconds, "of its speed", f"{what}, against httpx and orjson"
    )


if __name__ == "__main__":
    main()
