"""What holds for every test.

Property tests try the same few examples every day, hardly more than what noticed the mutants in
docs/mutants.md; `make properties` tries new and many ones.
"""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

from config import secret_redaction
from support.machine_authorities import put_aside
from support.temporary_files import keep_in_memory

settings.register_profile(
    "budgeted", max_examples=8, stateful_step_count=8, deadline=None, derandomize=True
)
settings.register_profile(
    "thorough", max_examples=10_000, stateful_step_count=10, deadline=None, print_blob=True
)
settings.register_profile(  # few of each: thousands of mutants are tried
    "mutants", max_examples=5, stateful_step_count=6, deadline=None, derandomize=True, database=None
)
settings.load_profile("budgeted")


put_aside()
keep_in_memory()


LONGEST = (
    "tests/jobs/test_eight_years.py",
    "tests/jobs/test_apply_crashes.py",
    "tests/test_installed.py",
    "tests/jobs/test_year.py",
    "tests/jobs/test_fault_loop.py",
    "tests/jobs/fleet/test_crashes.py",
    "tests/jobs/test_reorganisation.py",
    "tests/jobs/test_vendor_habits.py",
    "tests/connectors/http/test_hostile_memory.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first: for one that begins last, the other processes would wait."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Most of what is imported and collected stays: the garbage collector waits so long."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """What is there now the garbage collector need not go through again.

    What the tests leave behind it looks for less often than it would.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="module", autouse=True)
def _no_secret_of_other_tests() -> None:
    """Each program holds its own; these are words, some of them ordinary ones."""
    secret_redaction.forget()
