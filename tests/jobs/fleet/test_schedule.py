"""The timetables of a fleet: each run that is due is queued, and once where it was missed."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from config.examples import STARTING_FILE
from config.load import load_fleet
from connectors.job_queue import SCHEMA, JobQueue, open_queue
from connectors.store.tenants import Tenants, open_tenants
from jobs.fleet.schedule import FleetScheduler
from support.alone import alone
from support.counterparts.databases import postgresql

OWN = STARTING_FILE.read_text().replace("store: sqlite:///seatsync.db", "")
NIGHTLY = 'fleet: ../fleet.yaml\nschedule: {at: ["03:00"], time_zone: UTC}\n' + OWN


class Looks:
    """A scheduler that looks by a clock that is set by hand; what it queues is done at once."""

    def __init__(self, folder: Path, url: str, tenants: Tenants, queue: JobQueue) -> None:
        self.folder, self.tenants = folder, tenants
        self._engine, self.queue, self._changes = create_engine(url), queue, 0
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.write("contoso")
        self.restart()

    def write(self, name: str, text: str = NIGHTLY) -> None:
        file = self.folder / "tenants" / f"{name}.yaml"
        file.write_text(text)
        self._changes += 1
        os.utime(file, (self._changes, self._changes))

    def restart(self) -> None:
        file = self.folder / "fleet.yaml"
        self._scheduler = FleetScheduler(
            file, load_fleet(file), self.tenants, self.queue, lambda: self.now
        )

    def at(self, day: int, hour: int, minute: int = 0) -> list[str]:
        """Whose runs are in the queue after a look then, and when they were due."""
        self.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
        self._scheduler.look()
        taken = "DELETE FROM procrastinate_jobs RETURNING lock, args->>'due'"
        with self._engine.begin() as connection:
            connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
            jobs = connection.execute(text(taken)).all()
        return [f"{name} {datetime.fromisoformat(due):%d. %H:%M}" for name, due in jobs]

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Looks]:
    """The tenant contoso, whose runs are nightly; the first look is on Monday the 23rd, at noon."""
    with postgresql() as url, open_tenants(url) as tenants, open_queue(url) as queue:
        monkeypatch.setenv("STORE", url)
        (tmp_path / "fleet.yaml").write_text("store: env:STORE\n")
        (tmp_path / "tenants").mkdir()
        tenants.add("contoso", "00000000-0000-0000-0000-000000000000")
        looks = Looks(tmp_path, url, tenants, queue)
        assert looks.at(23, 12) == []
        yield looks
        looks.close()


def test_a_run_is_queued_when_it_is_due_and_once(looks: Looks) -> None:
    assert looks.at(24, 2, 59) == []
    assert looks.at(24, 3) == ["contoso 24. 03:00"]
    assert looks.at(24, 3, 1) == []
    looks.restart()
    assert looks.at(24, 3, 2) == []
    assert looks.at(25, 3) == ["contoso 25. 03:00"]


def test_runs_that_were_missed_are_caught_up_once(looks: Looks) -> None:
    looks.restart()
    assert looks.at(27, 9) == ["contoso 24. 03:00"]
    assert looks.at(27, 10) == []
    assert looks.at(28, 3) == ["contoso 28. 03:00"]


def test_two_machines_that_look_queue_it_once(looks: Looks) -> None:
    other = Looks(looks.folder, os.environ["STORE"], looks.tenants, looks.queue)
    assert other.at(23, 13) == []
    assert looks.at(24, 3) == ["contoso 24. 03:00"]
    assert other.at(24, 3) == []
    other.close()


def test_a_paused_tenant_has_no_runs_and_catches_none_up(looks: Looks) -> None:
    looks.tenants.pause(["contoso"], looks.now)
    assert looks.at(24, 3) == []
    assert looks.at(26, 9) == []
    looks.tenants.resume(["contoso"], looks.now)
    assert looks.at(26, 9, 1) == []
    assert looks.at(27, 3) == ["contoso 27. 03:00"]


def test_another_timetable_counts_from_when_it_is_there(looks: Looks) -> None:
    assert looks.at(24, 3) == ["contoso 24. 03:00"]
    looks.write("contoso", NIGHTLY.replace("03:00", "14:00"))
    assert looks.at(24, 15) == []  # it was not missed at 14:00
    assert looks.at(25, 14) == ["contoso 25. 14:00"]


def test_a_configuration_that_cannot_be_used_keeps_no_other_tenant_waiting(
    looks: Looks, capsys: pytest.CaptureFixture[str]
) -> None:
    looks.tenants.add("fabrikam", "00000000-0000-0000-0000-000000000001")
    looks.write("fabrikam", NIGHTLY.replace("03:00", "often"))
    assert looks.at(24, 3) == ["contoso 24. 03:00"]
    assert "fabrikam has no runs until this is mended: " in capsys.readouterr().err
    assert looks.at(25, 3) == ["contoso 25. 03:00"]
    assert "fabrikam" not in capsys.readouterr().err  # said once
    looks.write("fabrikam")
    assert looks.at(25, 4) == []
    assert looks.at(26, 3) == ["contoso 26. 03:00", "fabrikam 26. 03:00"]


def test_runs_that_keep_failing_come_ever_more_rarely(looks: Looks) -> None:
    looks.write("contoso", NIGHTLY.replace('at: ["03:00"]', 'cron: "0 * * * *"'))
    looks.at(24, 3)
    store = looks.tenants.store("contoso")
    for hour in range(4, 8):
        at = looks.now + timedelta(minutes=hour)
        alone(store).runs.begin(f"run {hour}", "run", at)
        alone(store).runs.end(f"run {hour}", at, 1, "failed")
    assert looks.at(24, 4) == []  # four failures: two hours from one to the next
    assert looks.at(24, 6) == ["contoso 24. 06:00"]


def test_what_the_database_refuses_is_said_and_the_next_look_comes(
    looks: Looks, capsys: pytest.CaptureFixture[str]
) -> None:
    files = looks.folder / "tenants"
    files.rename(looks.folder / "elsewhere")
    assert looks.at(24, 3) == []
    assert looks.at(24, 3, 1) == []
    assert capsys.readouterr().err.count("No run can be queued: ") == 1
    (looks.folder / "elsewhere").rename(files)
    assert looks.at(24, 3, 2) == ["contoso 24. 03:00"]
