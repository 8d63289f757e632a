"""Graph and a SCIM server with a large invented company, for what reads both.

All answers that can be are made beforehand, and the servers run in a process of their own: what
they cost is nowhere counted. They take GET, and Graph's $batch.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
import pandas as pd
from large_company import TENANT, Company, large_company
from reading import http, sign_in

GRAPH_PAGE, SCIM_PAGE = 999, 200

Handler = Callable[[str, dict[str, list[str]], bytes], bytes]
"""From a request's path, query and body to the whole answer."""


@dataclass(frozen=True)
class Addresses:
    graph: str
    scim: str
    ca_file: str


def serve(ready: Connection, folder: str, size: int) -> None:
    """Sends the `Addresses` as soon as it listens."""
    company = large_company(size)
    serve_with(ready, folder, lambda graph: (graph_of(graph, company), scim_of(company)))


def serve_with(
    ready: Connection,
    folder: str,
    handlers: Callable[[str], tuple[Handler, Handler]],
    latency: float = 0,
) -> None:
    """`handlers` are Graph's, of its address, and the vendor's; `latency` (seconds) is Graph's."""
    asyncio.run(_serve(ready, Path(folder), handlers, latency))


async def _serve(
    ready: Connection,
    folder: Path,
    handlers_of: Callable[[str], tuple[Handler, Handler]],
    latency: float,
) -> None:
    import trustme

    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    handlers: dict[int, Handler] = {}

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        while request := await _request(reader):
            await asyncio.sleep(latency if port == ports[0] else 0)
            writer.write(handlers[port](*request))
            await writer.drain()
        writer.close()

    graph = await asyncio.start_server(client, "127.0.0.1", 0, ssl=tls)
    scim = await asyncio.start_server(client, "127.0.0.1", 0)
    ports = [server.sockets[0].getsockname()[1] for server in (graph, scim)]
    at = Addresses(
        f"https://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", str(folder / "ca.pem")
    )
    handlers.update(zip(ports, handlers_of(at.graph), strict=True))
    ready.send(at)
    async with graph, scim:
        await asyncio.gather(graph.serve_forever(), scim.serve_forever())


async def _request(
    reader: asyncio.StreamReader,
) -> tuple[str, dict[str, list[str]], bytes] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    target = urlsplit(head.split(b" ", 2)[1].decode())
    return unquote(target.path), parse_qs(target.query), body


def answer(body: object, status: str = "200 OK") -> bytes:
    return http(body if isinstance(body, bytes) else orjson.dumps(body), status)


def graph_of(url: str, company: Company) -> Handler:
    people, members = company.snapshot.directory.people, company.snapshot.directory.members
    users = dict(zip(people["id"], _users(people), strict=True))
    groups = dict(zip(members["id"], members["set"], strict=True))
    deleted = set(people["id"][people["presence"] == "deleted"])
    ready = {path: answer(body) for path, body in sign_in(url, TENANT).items()}
    ready["/v1.0/applications"] = answer({"value": []})
    ids = {name: f"{at:08x}-0000-4000-8000-000000000000" for at, name in enumerate(_sets(company))}
    for name, theirs in members.groupby("set"):
        path = f"/v1.0/groups/{ids[str(name)]}/members"
        ready[f"{path}/graph.user/$count"] = answer(str(len(theirs)).encode())
        ready |= _member_pages(url, path, [users[at] for at in theirs["id"]])

    def inside(asked: dict[str, Any]) -> dict[str, object]:
        """The answer to one request of a batch: users by their ids, or checkMemberGroups."""
        if (url := urlsplit(asked["url"])).path == "/users":
            found: list[object] = looked_up(parse_qs(url.query))
        else:
            group = ids.get(groups.get(asked["url"].split("/")[2], ""))
            found = [at for at in asked["body"]["groupIds"] if at == group]
        return {"id": asked["id"], "status": 200, "body": {"value": found}}

    def looked_up(query: dict[str, list[str]]) -> list[object]:
        return [users[at] for at in _named(query) if at in users and at not in deleted]

    def handle(path: str, query: dict[str, list[str]], body: bytes) -> bytes:
        if path == "/v1.0/$batch":
            asked = orjson.loads(body)["requests"]
            return answer({"responses": [inside(one) for one in asked]})
        if path == "/v1.0/groups":
            return answer({"value": [_group(ids[name], name) for name in _named(query)]})
        if path == "/v1.0/directory/deletedItems/graph.user":
            return answer({"value": [users[at] for at in sorted(deleted)]})
        token = query.get("$skiptoken", [""])[0]
        return ready.get(f"{path} {token}".strip()) or answer({"value": []}, "404 Not Found")

    return handle


def _member_pages(url: str, path: str, rows: list[dict[str, object]]) -> dict[str, bytes]:
    """By path and token."""
    pages = {}
    for start in range(0, len(rows), GRAPH_PAGE):
        page: dict[str, Any] = {"value": rows[start : start + GRAPH_PAGE]}
        if start + GRAPH_PAGE < len(rows):
            page["@odata.nextLink"] = f"{url}{path}?$skiptoken={start + GRAPH_PAGE}"
        pages[f"{path} {start}" if start else path] = answer(page)
    return pages


def _named(query: dict[str, list[str]]) -> list[str]:
    """The values of a filter."""
    return re.findall(r"'([^']*)'", query.get("$filter", [""])[0])


def _group(at: str, name: str) -> dict[str, object]:
    return {"id": at, "displayName": name, "groupTypes": [], "securityEnabled": True}


def _users(people: pd.DataFrame) -> list[dict[str, object]]:
    """As Graph sends members; absent values are null."""
    columns = [name for name in people if name != "presence"]
    rows = people[columns].astype(object).where(people[columns].notna(), None)
    kind = {"@odata.type": "#microsoft.graph.user"}
    return [{**kind, **row} for row in rows.to_dict("records")]


def _sets(company: Company) -> list[str]:
    return [read.set for read in company.snapshot.directory.reads]


def scim_of(company: Company) -> Handler:
    target = company.snapshot.target
    accounts = target.accounts.astype(object).where(target.accounts.notna(), None)
    users = [_account(row) for row in accounts.to_dict("records")]
    holders = {name: list(rows["account"]) for name, rows in target.holdings.groupby("set")}
    groups = [
        {
            "id": f"set-{name}",
            "displayName": name,
            "members": [{"value": at} for at in holders.get(name, [])],
        }
        for name in _sets(company)
    ]
    lists = {"/scim/v2/Users": users, "/scim/v2/Groups": groups}
    shown = {**lists, "/scim/v2/Groups": [{**one, "members": []} for one in groups]}
    ready = {
        f"{path} {start + 1}": _page(resources, start)
        for path, resources in shown.items()
        for start in range(0, len(resources), SCIM_PAGE)
    }
    by_id = {f"{path}/{one['id']}": one for path, several in lists.items() for one in several}
    features = ("patch", "bulk", "filter", "changePassword", "sort", "etag")
    config = answer({feature: {"supported": feature == "patch"} for feature in features})

    def handle(path: str, query: dict[str, list[str]], _: bytes) -> bytes:
        if path.endswith("/ServiceProviderConfig"):
            return config
        if path in by_id:
            return answer(by_id[path])
        start = query.get("startIndex", ["1"])[0]
        if path in lists:
            return ready.get(f"{path} {start}") or _page(shown[path], int(start) - 1)
        return answer({"status": "404", "detail": "no such resource"}, "404 Not Found")

    return handle


def _page(resources: list[Any], start: int) -> bytes:
    return answer(
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": len(resources),
            "startIndex": start + 1,
            "itemsPerPage": SCIM_PAGE,
            "Resources": resources[start : start + SCIM_PAGE],
        }
    )


def _account(row: dict[Any, Any]) -> dict[str, object]:
    """A SCIM User (RFC 7643, section 8.1) with what servers send beside what was asked for."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": row["account"],
        "externalId": row["externalId"],
        "userName": row["userName"],
        "name": {"givenName": row["name.givenName"], "familyName": row["name.familyName"]},
        "emails": [{"type": "work", "primary": True, "value": row['emails[type eq "work"].value']}],
        "active": row["active"],
        "meta": {"resourceType": "User", "created": "2026-01-01T00:00:00Z"},
    }
