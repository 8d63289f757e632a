from collections.abc import Iterator

import pytest

from support.scenarios.company import Company
from support.scenarios.fleet import fleet_around


@pytest.fixture
def company(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """Beside its own configuration there is a fleet."""
    with fleet_around(company, monkeypatch):
        yield company
