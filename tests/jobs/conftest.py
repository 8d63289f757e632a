import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.scenarios.company import Company


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    company = Company(tmp_path)
    with company.sandbox:
        company.configure()
        yield company


@pytest.fixture
def torn_connections() -> Iterator[None]:
    """Some that are torn down or given up are closed by the garbage collector alone.

    It does so here, where its warnings are ignored, and in no later test.
    """
    yield
    gc.collect()
