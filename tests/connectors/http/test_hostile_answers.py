"""What a counterpart sends that means no good: every client refuses it, says why, and ends."""

import gzip
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import pytest
import stamina
from urllib3.util import Retry

from connectors.errors import CounterpartError
from connectors.scim.client import Scim
from support.counterparts.vendor_settings import vendor_at
from support.faults.hostile_clients import COUNTERPARTS
from support.faults.hostile_server import MB, OK, Pieces, body, bomb, slowly, trickling, values

OF_GRAPH = ("Graph", "Graph, of eight groups")

ENDLESS: dict[str, tuple[Callable[[], Pieces], str]] = {
    "2 GB in 2 MB of gzip": (lambda: body(bomb(2048), "gzip"), "larger than"),
    "packed twice": (lambda: body([gzip.compress(gzip.compress(b"{}"))], "gzip, gzip"), "packed"),
    "packed as nobody asked": (lambda: body([b"{}"], "br"), "packed in a way"),
    "no end": (lambda: body(repeat(b" " * MB)), "larger than"),
    "very many values": (lambda: body(values(4)), "values|larger than"),
}

NEVER_READY: dict[str, Callable[[], Pieces]] = {
    "continue": lambda: repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "a head that trickles": lambda: slowly(OK * 1000),
    "a body that trickles": lambda: body(slowly(b" " * 1000)),
}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many attempts as ever, without the pauses between them."""
    monkeypatch.setattr("connectors.entra.auth.app_token.RETRIES", Retry(1))
    monkeypatch.setattr("connectors.scim.retries._Within.get_backoff_time", lambda _: 0)


@pytest.mark.parametrize("attack", ENDLESS)
@pytest.mark.parametrize("counterpart", COUNTERPARTS)
def test_what_has_no_measure_is_refused(counterpart: str, attack: str, tmp_path: Path) -> None:
    pieces, why = ENDLESS[attack]
    with (
        COUNTERPARTS[counterpart](pieces, tmp_path) as ask,
        pytest.raises(CounterpartError, match=why),
    ):
        ask()


@pytest.mark.parametrize("attack", NEVER_READY)
@pytest.mark.parametrize("counterpart", COUNTERPARTS)
def test_who_is_never_ready_is_left(
    counterpart: str, attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No silence is as long as a time-out."""
    waiting = {"the vendor": "scim.transport", **dict.fromkeys(OF_GRAPH, "entra.transport")}
    module = waiting.get(counterpart, "entra.auth.app_token")
    monkeypatch.setattr(f"connectors.{module}.ANSWER_SECONDS", 0.5)
    with (
        stamina.set_testing(True, attempts=2),
        COUNTERPARTS[counterpart](NEVER_READY[attack], tmp_path) as ask,
        pytest.raises(CounterpartError, match=r"no answer in time|too large|no managed identity"),
    ):
        ask()


def test_a_handshake_that_trickles_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The head of a TLS record of 16 KB, and a byte now and then."""
    monkeypatch.setattr("connectors.scim.transport.CONNECT_SECONDS", 0.5)
    with (
        trickling(b"\x16\x03\x03\x40\x00" + b"\x02" * 1000) as port,
        Scim(vendor_at(f"https://127.0.0.1:{port}/v2", tmp_path), ("userName",)) as vendor,
        pytest.raises(CounterpartError, match="in time"),
    ):
        vendor.account("u1")
