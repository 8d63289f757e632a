import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.faults.seatsync_process import SeatsyncProcesses
from support.scenarios.company import Company


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    company = Company(tmp_path)
    with company.sandbox:
        company.configure()
        yield company


@pytest.fixture(scope="session")
def _planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("planned"))
    with company.sandbox:
        company.configure()
        assert company.run("plan").exit_code == 2
        company.remember()
        yield company


@pytest.fixture
def planned(_planned: Company) -> Company:
    """The demo's company; its first plan waits for review."""
    _planned.return_to_it()
    return _planned


@pytest.fixture(scope="session")
def _approved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("approved"))
    with company.sandbox:
        company.configure()
        assert company.run("plan").exit_code == 2
        assert company.let_pass("--reason", "r").exit_code == 0
        company.remember()
        yield company


@pytest.fixture
def approved(_approved: Company) -> Company:
    """The demo's company; its first plan is approved."""
    _approved.return_to_it()
    return _approved


@pytest.fixture(scope="session")
def _settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("settled"))
    with company.sandbox:
        company.configure()
        company.settle()
        company.remember()
        yield company


@pytest.fixture
def settled(_settled: Company) -> Company:
    """The demo's company with last week's plan applied, and today's troubles in Entra ID."""
    _settled.return_to_it()
    return _settled


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeatsyncProcesses]:
    with SeatsyncProcesses(tmp_path_factory.mktemp("processes")) as processes:
        yield processes


@pytest.fixture
def torn_connections() -> Iterator[None]:
    """Some that are torn down or given up are closed by the garbage collector alone.

    It does so here, where its warnings are ignored, and in no later test.
    """
    yield
    gc.collect()
