from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from support.scenarios.simulated_fleet import SimulatedFleet, simulated_fleet


@pytest.fixture
def fleet(tmp_path: Path, httpserver: HTTPServer) -> Iterator[SimulatedFleet]:
    """Without tenants; whoever is told of it, or of one of them, is the `httpserver`."""
    httpserver.expect_request("/fleet").respond_with_data()
    httpserver.expect_request("/tenant").respond_with_data()
    with simulated_fleet(tmp_path) as fleet:
        fleet.tell(f"json://127.0.0.1:{httpserver.port}")
        yield fleet
