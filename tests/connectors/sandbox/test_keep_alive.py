"""The sandbox's servers keep a connection as long as its answers are whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from werkzeug.wrappers import Request, Response

from support.counterparts.small_tenant import SmallTenant

GROUPS = "/v1.0/groups"


@pytest.fixture
def small_tenant(tmp_path: Path) -> Iterator[SmallTenant]:
    small_tenant = SmallTenant(tmp_path)
    with small_tenant.sandbox:
        yield small_tenant


@pytest.fixture
def ports(small_tenant: SmallTenant) -> list[int]:
    """Of the clients that asked Graph: one for each connection."""
    ports: list[int] = []
    small_tenant.fail(lambda request: ports.append(int(request.environ["REMOTE_PORT"])))
    return ports


@pytest.fixture
def client(small_tenant: SmallTenant) -> Iterator[requests.Session]:
    with requests.Session() as client:
        client.verify, client.trust_env = str(small_tenant.sandbox.ca_file), False
        yield client


def test_many_requests_share_one_connection(
    small_tenant: SmallTenant, ports: list[int], client: requests.Session
) -> None:
    for _ in range(3):
        client.get(small_tenant.sandbox.graph_url + GROUPS)
        client.post(small_tenant.sandbox.graph_url + GROUPS, data=b"x" * 100_000)
    assert len(ports) == 6
    assert len(set(ports)) == 1


def cut(_: Request) -> Response:
    return Response([b"{"], headers={"Content-Length": "2"})


def failing(_: Request) -> Response:
    def half() -> Iterator[bytes]:
        yield b"{"
        raise ConnectionError

    return Response(half(), headers={"Content-Length": "2"})


def gone(_: Request) -> Response:
    raise ConnectionError


@pytest.mark.parametrize("fault", [cut, failing, gone])
def test_an_answer_that_breaks_off_ends_the_connection(
    small_tenant: SmallTenant, client: requests.Session, fault: object
) -> None:
    small_tenant.fail(fault)  # type: ignore[arg-type]
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.get(small_tenant.sandbox.graph_url + GROUPS, timeout=60)


def test_an_answer_of_unknown_length_ends_with_the_connection(
    small_tenant: SmallTenant, client: requests.Session
) -> None:
    small_tenant.fail(lambda _: Response(iter([b"{", b"}"])))
    answer = client.get(small_tenant.sandbox.graph_url + GROUPS, timeout=60)
    assert (answer.content, answer.headers["Connection"]) == (b"{}", "close")
