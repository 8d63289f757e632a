from collections.abc import Iterator
from pathlib import Path

import pytest

from support.counterparts.small_tenant import SmallTenant


@pytest.fixture
def small_tenant(tmp_path: Path) -> Iterator[SmallTenant]:
    small_tenant = SmallTenant(tmp_path)
    with small_tenant.sandbox:
        yield small_tenant
