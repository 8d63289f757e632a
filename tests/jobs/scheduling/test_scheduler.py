"""The timetable as it is kept: what is due runs, and nothing that happens to it ends it."""

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_httpserver import HTTPServer

from jobs.context import working
from jobs.leased_run import recorded
from jobs.output.exit_codes import Exit
from jobs.run_history.quarantine_backoff import RESUME
from jobs.scheduling.end_quarantine import resume
from jobs.scheduling.scheduler import Keeper
from support.faults.vendor_interceptor import VendorInterceptor
from support.scenarios.company import Company

BERLIN = ZoneInfo("Europe/Berlin")


class Nights:
    """A timetable that is kept, minute by minute or faster, by a clock that is set by hand."""

    def __init__(self, company: Company, capsys: pytest.CaptureFixture[str]) -> None:
        self._now, self._capsys = datetime.now(UTC).replace(microsecond=0), capsys
        self._config = company.config
        self.keeper = Keeper(company.config, lambda: self._now)

    def after(self, **time: float) -> str:
        """What a look says then."""
        self._now += timedelta(**time)
        self.keeper.look()
        return self._capsys.readouterr().err

    def resume(self) -> str:
        with working(self._config, lambda: self._now) as at, recorded(at, RESUME) as run:
            resume(at, run)
        return run.summary


@pytest.fixture
def nights(company: Company, capsys: pytest.CaptureFixture[str]) -> Nights:
    company.configure(schedule={"every": "40m"})
    return Nights(company, capsys)


def test_what_is_due_runs_and_a_failed_run_does_not_end_it(
    company: Company, nights: Nights
) -> None:
    company.configure(schedule={"every": "40m"}, policy={"auto_apply": True})
    assert nights.after().startswith("The next run is at ")
    assert nights.after(minutes=39) == ""
    company.sandbox.graph.roles = ()
    assert "Run failed: " in nights.after(minutes=1)
    company.sandbox.graph.roles = ("GroupMember.Read.All", "User.Read.All")
    assert "ended with exit code 0" in nights.after(minutes=40)
    assert company.writes > 0


def test_a_configuration_is_read_anew_and_nothing_runs_by_one_that_cannot_be_read(
    company: Company, nights: Nights
) -> None:
    nights.after()
    company.config.write_text(company.config.read_text().replace("every: 40m", "every: often"))
    assert "schedule.every: expected a number and a unit" in nights.after(minutes=40)
    assert nights.after(minutes=1) == ""  # told once
    company.configure(schedule={"every": "30m"})
    assert nights.after(minutes=1).startswith("The next run is at ")
    assert "ended with exit code 2" in nights.after(minutes=30)
    company.configure()
    assert "no `schedule`" in nights.after(minutes=30)
    assert len(company.json("history")) == 1


def test_a_configuration_that_cannot_be_read_is_told_by_the_one_before_it(
    company: Company, nights: Nights, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    monkeypatch.setenv("SEATSYNC_TELL", f"json://127.0.0.1:{httpserver.port}/hook")
    company.configure(schedule={"every": "40m"}, notifications=[{"to": "env:SEATSYNC_TELL"}])
    nights.after()
    company.config.write_text(company.config.read_text().replace("every: 40m", "every: often"))
    for _ in range(2):
        nights.after(minutes=1)
    ((request, _),) = httpserver.log
    assert "schedule.every: expected a number and a unit" in json.loads(request.data)["message"]


def test_what_was_missed_is_caught_up_and_told(
    company: Company, nights: Nights, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    monkeypatch.setenv("SEATSYNC_TELL", f"json://127.0.0.1:{httpserver.port}/hook")
    told = [{"to": "env:SEATSYNC_TELL", "events": ["missed"]}]
    company.configure(schedule={"every": "40m"}, notifications=told)
    nights.after()
    assert "ended with exit code 2" in nights.after(days=3)
    assert nights.after(minutes=39) == ""
    ((request, _),) = httpserver.log
    assert "It is caught up." in json.loads(request.data)["message"]


def test_runs_that_keep_failing_come_later_until_somebody_resumes(
    company: Company, nights: Nights
) -> None:
    nights.after()
    company.sandbox.graph.roles = ()
    for _ in range(3):
        assert "Run failed: " in nights.after(minutes=40)
    assert "Run failed: " not in nights.after(minutes=40)
    company.sandbox.graph.roles = ("GroupMember.Read.All", "User.Read.All")
    assert nights.resume() == "runs had failed 3 times in a row"
    assert "ended with exit code 2" in nights.after()
    assert company.run("resume").stdout == "Resumed: there was no quarantine.\n"


def test_what_is_due_while_another_run_is_at_work_is_done_after_it(
    company: Company, nights: Nights
) -> None:
    nights.after()
    with working(company.config) as context, context.store.lease("another"):
        assert nights.after(minutes=40).startswith("No run can be started: ")
        assert nights.after(minutes=1) == ""
    assert "ended with exit code 2" in nights.after(minutes=1)


class Odd(Exception):
    """What nobody has thought of."""


@pytest.mark.parametrize("fault", [Odd("1e30 seats"), KeyError("x"), MemoryError(), OSError()])
def test_whatever_one_run_throws_the_next_one_comes(
    nights: Nights, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.after()
    monkeypatch.setattr("jobs.plan.pull", throwing(fault))
    for _ in range(2):
        line, _ = nights.after(minutes=40).splitlines()
        assert line.startswith("Run failed: ")
        assert type(fault).__name__ in line


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_a_person_ends_it(
    nights: Nights, end: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.after()
    with monkeypatch.context() as patched:
        patched.setattr("jobs.plan.pull", throwing(end()))
        with pytest.raises(end):
            nights.after(minutes=40)
    assert "ended with exit code 2" in nights.after()  # by whoever starts it again


def throwing(fault: BaseException) -> Callable[..., object]:
    def throw(*_: object) -> object:
        raise fault

    return throw


def test_an_hour_that_is_set_back_delays_no_look(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.configure(schedule={"at": ["03:00"]})
    looks: list[datetime] = []
    monkeypatch.setattr(Keeper, "look", lambda _: looks.append(datetime.now(UTC)))
    # The zone is the process's own meanwhile; at 03:00 it is 02:00 again.
    with time_machine.travel(datetime(2026, 10, 25, 2, 58, 30, tzinfo=BERLIN), tick=False) as clock:

        def sleep(seconds: float) -> None:
            if len(looks) > 4:
                raise KeyboardInterrupt
            clock.shift(max(seconds, 1))

        monkeypatch.setattr(time, "sleep", sleep)
        company.run("schedule")
    assert looks[-1] - looks[0] < timedelta(minutes=5)


def sigterm(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_sigterm_ends_it_at_once_with_0(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.configure(schedule={"at": ["03:00"]})
    monkeypatch.setattr(time, "sleep", sigterm)
    ended = company.run("schedule")
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert ended.stderr.startswith("The next run is at ")


def test_sigterm_in_an_apply_ends_it_with_that_runs_code(company: Company, nights: Nights) -> None:
    company.configure(schedule={"every": "40m"}, policy={"auto_apply": True})
    nights.after()
    VendorInterceptor(company).intercept("POST", "/v2/Users", sigterm)
    assert "ended with exit code 4" in nights.after(minutes=40)
    assert nights.keeper.stopped is Exit.PARTIAL


def test_without_a_timetable_schedule_says_so(company: Company) -> None:
    ended = company.run("schedule")
    assert ended.exit_code == 78
    assert "no `schedule`" in ended.stderr
