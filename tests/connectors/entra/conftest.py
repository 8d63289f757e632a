from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from connectors.entra import transport
from connectors.entra.auth import app_token
from support.counterparts.small_tenant import SmallTenant


@pytest.fixture
def small_tenant(tmp_path: Path) -> Iterator[SmallTenant]:
    small_tenant = SmallTenant(tmp_path)
    with small_tenant.sandbox:
        yield small_tenant


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many attempts as ever, without the pauses between them."""
    monkeypatch.setattr(app_token, "RETRIES", app_token.RETRIES.new(backoff_factor=0))
    with stamina.set_testing(True, attempts=transport.ATTEMPTS):
        yield
