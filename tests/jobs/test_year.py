"""A simulated life of an organisation with a twentieth of all calls failing: see `year`.

`make year SEED=7` lives a whole year; the tests live some days of it.
"""

import os
from pathlib import Path

import pytest
import stamina

from connectors.entra.auth import app_token
from support.scenarios.simulated_year import FIRST_DAY, Year

DAYS = int(os.environ.get("SEATSYNC_DAYS", "6"))
SEED = int(os.environ.get("SEATSYNC_SEED", "1"))


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second attempt comes at once."""
    monkeypatch.setattr(
        app_token, "RETRIES", app_token.RETRIES.new(backoff_factor=0, retry_after_max=0)
    )


@pytest.mark.usefixtures("torn_connections")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_happens_nobody_loses_what_is_hers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = Year(tmp_path, SEED)
    with year.sandbox, stamina.set_testing(True, attempts=3), capsys.disabled():
        tally = year.live(DAYS, print)
        print(f"\n{tally}")
        made_again = year.json("replay", "--since", f"{FIRST_DAY:%Y-%m-%d}")["plans"]
    assert {row["reproduced"] for row in made_again} == {True}
    assert tally.days == DAYS
    assert tally.faults > 0
    assert tally.kinds
    assert tally.violations == []
