"""The timetable: when runs are due, and that a failed one does not end it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from jobs.cli.scheduler import scheduler
from jobs.context import working
from support.scenarios.company import Company

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # which sets the local zone

TIMETABLES = [
    ({"at": ["03:00"]}, datetime(2026, 11, 25, 3, 0)),
    ({"at": ["03:00", "23:30"]}, datetime(2026, 11, 24, 23, 30)),
    ({"every": "40m"}, datetime(2026, 11, 24, 12, 40)),
]


@pytest.mark.parametrize(("timetable", "due"), TIMETABLES)
def test_the_next_run_is_due(company: Company, timetable: dict[str, object], due: datetime) -> None:
    company.configure(schedule=timetable)
    with (
        time_machine.travel(NOON, tick=False),
        working(company.config) as context,
    ):
        jobs = scheduler(context)
        assert jobs
        assert jobs.next_run == due


def test_a_due_run_runs_and_a_failed_one_does_not_end_it(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.configure(schedule={"every": "40m"}, policy={"auto_apply": True})
    with working(company.config) as context:
        jobs = scheduler(context)
        assert jobs
        company.sandbox.graph.roles = ()
        jobs.run_all()
        assert "Run failed" in capsys.readouterr().err
        company.sandbox.graph.roles = ("GroupMember.Read.All", "User.Read.All")
        jobs.run_all()
        assert "ended with exit code 0" in capsys.readouterr().err
    assert company.writes > 0


class Odd(Exception):
    """What nobody has thought of."""


@pytest.mark.parametrize("fault", [Odd("1e30 seats"), KeyError("x"), MemoryError(), OSError()])
def test_whatever_one_run_throws_the_next_one_comes(
    company: Company,
    fault: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    company.configure(schedule={"every": "40m"})
    with working(company.config) as context:
        jobs = scheduler(context)
        assert jobs
        with monkeypatch.context() as patched:
            patched.setattr("jobs.plan.pull", throwing(fault))
            jobs.run_all()
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert line.startswith("Run failed: ")
        assert type(fault).__name__ in line
        jobs.run_all()
        assert "ended with exit code 2" in capsys.readouterr().err


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_a_person_ends_it(
    company: Company, end: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    company.configure(schedule={"every": "40m"})
    monkeypatch.setattr("jobs.plan.pull", throwing(end()))
    with working(company.config) as context:
        jobs = scheduler(context)
        assert jobs
        with pytest.raises(end):
            jobs.run_all()


def throwing(fault: BaseException) -> Callable[..., object]:
    def throw(*_: object) -> object:
        raise fault

    return throw


def test_without_a_timetable_schedule_says_so(company: Company) -> None:
    ended = company.run("schedule")
    assert ended.exit_code == 78
    assert "no `schedule`" in ended.stderr
