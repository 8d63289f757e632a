from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from office import Office

from connectors.entra import transport
from connectors.entra.auth import token


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    with office.sandbox:
        yield office


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many attempts as ever, without the pauses between them."""
    monkeypatch.setattr(token, "_RETRIES", token._RETRIES.new(backoff_factor=0))
    with stamina.set_testing(True, attempts=transport.ATTEMPTS):
        yield
