"""A company's life beside vendors as they are: nothing goes wrong without a word, and none twice.

Each habit of the sandbox's vendor is met by eight events, and judged by what the vendor holds. A
drawn sample is tried, and `make habits` tries all; both print what was counted.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.scenarios.habit_matrix import ROWS, drawn, table
from support.scenarios.habit_outcomes import Counts

NUMBER = int(os.environ.get("SEATSYNC_HABITS", "2"))
SEED = int(os.environ.get("SEATSYNC_SEED", "1"))

TIDY_REQUESTS = 172
"""Of a life beside a tidy vendor, when habits were first imitated: caution costs hardly more."""


@pytest.fixture(scope="module")
def counted(request: pytest.FixtureRequest) -> Iterator[dict[str, Counts]]:
    """Per row what was counted; printed at the end, past pytest's own capture."""
    counts: dict[str, Counts] = {}
    yield counts
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{table(counts)}")


@pytest.mark.parametrize("name", drawn(min(NUMBER, len(ROWS) - 1), SEED))
def test_nothing_goes_wrong_without_a_word(
    name: str, tmp_path: Path, counted: dict[str, Counts]
) -> None:
    outcomes, counts = ROWS[name].live(tmp_path)
    counted[name] = counts
    assert {fault: seen for fault, seen in counts.faults.items() if seen} == {}
    assert ROWS[name].differences(outcomes) == {}


def test_a_tidy_vendor_is_asked_hardly_more(tmp_path: Path, counted: dict[str, Counts]) -> None:
    counts = counted.get("tidy") or ROWS["tidy"].live(tmp_path)[1]
    assert counts.requests <= 1.01 * TIDY_REQUESTS
