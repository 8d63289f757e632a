"""Every fault at every request to Graph, one after the other: nobody loses a seat by any of them.

It is read in full, by what changed, and both ways in one run, to be compared; after a run by what
changed, another one without a fault must not have learned anything wrong from it.

One of every few combinations is run; `make faults` runs them all (`SEATSYNC_FAULTS=1`).
"""

import os
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Lock
from time import monotonic
from traceback import print_exc

import pytest
import stamina
from office import PEOPLE, Office, guid
from planning import in_step, planned
from sqlalchemy import delete, insert, select
from werkzeug.wrappers import Request, Response
from wire import FAULTS, Spoil

from connectors.entra import token, transport
from connectors.store.schema import known as known_table
from jobs.context import Context, working
from reconciler.model.plan import Plan
from reconciler.reconcile import NoPlan

ONE_OF = int(os.environ.get("SEATSYNC_FAULTS", "29"))
HANGS_AFTER = 30.0

PLAN, NO_PLAN, WRONG, TRACEBACK = "a plan", "no plan", "a wrong revoke", "a traceback"
LEAVER, TWICE = "user24", "user0"


class Wire:
    """Spoils the n-th answer of Graph; if `lasting`, also every later one to the same question."""

    def __init__(self, office: Office) -> None:
        graph = office.sandbox.graph
        self._sound, self._lock = graph._answer, Lock()
        graph._answer = self.answer  # type: ignore[method-assign]
        self.arm(None, 0, lasting=False)

    def arm(self, spoil: Spoil | None, at: int, *, lasting: bool) -> None:
        self._spoil, self._at, self._lasting = spoil, at, lasting
        self._numbers, self._question = count(1), ""
        self.fired = False

    def answer(self, request: Request) -> Response:
        sound = self._sound(request)
        question = f"{request.method} {request.full_path}"
        with self._lock:
            number = next(self._numbers)
            again = self._lasting and question == self._question
            if self._spoil is None or not (number == self._at or again):
                return sound
            self._question, self.fired = question, True
        return self._spoil(request, sound)


WAYS: dict[str, dict[str, object]] = {
    "in full": {},
    "by what changed": {"delta": True},
    "both ways": {"delta": True, "full_read_after_runs": 1},
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """In step with its vendor; then one person leaves her group, and one joins a second one."""
    monkeypatch.setattr(token, "_RETRIES", token._RETRIES.new(backoff_factor=0, retry_after_max=0))
    monkeypatch.setattr(transport, "READ_SECONDS", 0.25)
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.5)
    office = Office(tmp_path, {"Sales Team": PEOPLE[:12], "Night Desk": PEOPLE[12:]})
    with office.sandbox, stamina.set_testing(True, attempts=2):
        office.sandbox.graph.largest_page = 5
        directory = {**office.sandbox.directory, **WAYS[way]}
        office.sandbox.write_config(tmp_path / "seatsync.yaml", directory=directory)
        with working(tmp_path / "seatsync.yaml") as context:
            in_step(context)
        groups = office.sandbox.tenant.groups
        groups[guid("Night Desk")]["members"].remove(guid(LEAVER))
        groups[guid("Night Desk")]["members"].append(guid(TWICE))
        yield office


def losers(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.lost}


def cases(at: int) -> list[tuple[str, bool]]:
    """Which faults to try at the n-th request, and whether they last; other ones at the next."""
    every = [(name, lasting) for name in FAULTS for lasting in (False, True)]
    return [case for number, case in enumerate(every, start=at) if number % ONE_OF == 0]


@pytest.mark.usefixtures("torn_connections")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_fault_on_the_wire_costs_anybody_a_seat(
    office: Office, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wire = Wire(office)
    seen: Counter[str] = Counter()
    trouble: list[str] = []
    with working(office.folder / "seatsync.yaml") as context:
        known = what_is_known(context)
        assert bool(known) == (way != "in full")
        sound = planned(context)
        assert losers(sound) == {guid(LEAVER)}
        assert [f.subject.id for f in sound.findings if f.code == "U1"] == [guid(TWICE)]
        for at in count(1):
            fired = 0
            for name, lasting in cases(at):
                knows(context, known)
                wire.arm(FAULTS[name], at, lasting=lasting)
                began = monotonic()
                outcome = run(context)
                if monotonic() - began > HANGS_AFTER:
                    outcome = "hangs"
                fired += wire.fired
                wire.arm(None, 0, lasting=False)
                if way == "by what changed" and (after := run(context)) != PLAN:
                    outcome = f"{after} afterwards" if after == NO_PLAN else after
                seen[outcome] += 1
                if outcome not in (PLAN, NO_PLAN):
                    trouble.append(f"{name} at {at}, lasting {lasting}: {outcome}")
            seen["faults"] += fired
            if not fired:
                break
    with capsys.disabled():
        print(
            f"\nRead {way}, {seen['faults']} faults of {len(FAULTS)} kinds at {at - 1} requests "
            f"to Graph: {seen[PLAN]} plans, {seen[NO_PLAN]} without a plan; revokes caused: "
            f"{seen[WRONG]}, hangs: {seen['hangs']}, tracebacks: {seen[TRACEBACK]}"
        )
    assert trouble == []


def what_is_known(context: Context) -> list[dict[str, object]]:
    with context.store.begin() as connection:
        return [dict(row) for row in connection.execute(select(known_table)).mappings()]


def knows(context: Context, rows: list[dict[str, object]]) -> None:
    """Nothing was learned since."""
    with context.store.begin() as connection:
        connection.execute(delete(known_table))
        if rows:
            connection.execute(insert(known_table), rows)


def run(context: Context) -> str:
    try:
        lost = losers(planned(context))
    except NoPlan:
        return NO_PLAN
    except Exception:
        print_exc()
        return TRACEBACK
    return WRONG if lost - {guid(LEAVER)} else PLAN
