"""Every fault at every request to Graph, one after the other: nobody loses a seat by any of them,
and nobody is given one whom a sound reading finds in two groups.

It is read in full, by what changed, and both ways in one run, to be compared; after a run by what
changed, another one without a fault must not have learned anything wrong from it.

Then Graph contradicts itself, about each membership in turn.

One of every few combinations is run; `make faults` runs them all (`SEATSYNC_FAULTS=1`).
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from time import monotonic
from traceback import print_exc

import pytest
import stamina
from sqlalchemy import delete, insert, select
from werkzeug.wrappers import Request, Response

from connectors.entra import transport
from connectors.entra.auth import app_token
from connectors.sandbox.graph import Graph
from connectors.store.schema import known as known_table
from jobs.context import Context, working
from reconciler.model.plan import Plan
from reconciler.no_plan import NoPlan
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid
from support.faults.http_faults import FAULTS, Spoil
from support.scenarios.plan_and_apply import in_step, planned

ONE_OF = int(os.environ.get("SEATSYNC_FAULTS", "61"))
HANGS_AFTER = 300.0
"""Seconds, far beyond every time-out here, so that a slow machine is no hang."""

PLAN, NO_PLAN, TRACEBACK = "a plan", "no plan", "a traceback"
WRONG, DENIED = "a wrong revoke", "a grant that a sound reading denies"
LEAVER, TWICE, BOTH, JOINER = "user24", "user0", "user23", "user22"
SALES, NIGHT = "Sales Team", "Night Desk"


class Wire:
    """Spoils the n-th answer of Graph; if `lasting`, also every later one to the same question.

    `asked` counts the requests since it was armed.
    """

    def __init__(self, small_tenant: SmallTenant) -> None:
        graph = small_tenant.sandbox.graph
        self._sound, self._lock = graph.answer, Lock()
        graph.answer = self.answer  # type: ignore[method-assign]
        self.arm(None, 0, lasting=False)

    def arm(self, spoil: Spoil | None, at: int, *, lasting: bool) -> None:
        self._spoil, self._at, self._lasting = spoil, at, lasting
        self._question, self.asked = "", 0
        self.fired = False

    def answer(self, request: Request) -> Response:
        sound = self._sound(request)
        question = f"{request.method} {request.full_path}"
        with self._lock:
            self.asked += 1
            again = self._lasting and question == self._question
            if self._spoil is None or not (self.asked == self._at or again):
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
def small_tenant(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallTenant]:
    """In step with its vendor; then one leaves, one joins a second group, one two, and one one."""
    monkeypatch.setattr(
        app_token, "RETRIES", app_token.RETRIES.new(backoff_factor=0, retry_after_max=0)
    )
    monkeypatch.setattr(transport, "READ_SECONDS", 0.25)
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.5)
    small_tenant = SmallTenant(tmp_path, {SALES: PEOPLE[:12], NIGHT: [*PEOPLE[12:22], LEAVER]})
    with small_tenant.sandbox, stamina.set_testing(True, attempts=2):
        small_tenant.sandbox.graph.largest_page = 5
        directory = {**small_tenant.sandbox.directory, **WAYS[way]}
        small_tenant.sandbox.write_config(tmp_path / "seatsync.yaml", directory=directory)
        with working(tmp_path / "seatsync.yaml") as context:
            in_step(context)
        sales, night = (small_tenant.sandbox.tenant.groups[guid(name)] for name in (SALES, NIGHT))
        night["members"].remove(guid(LEAVER))
        night["members"] += [guid(TWICE), guid(BOTH)]
        sales["members"] += [guid(BOTH), guid(JOINER)]
        yield small_tenant


def losers(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.lost}


def gainers(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.gained}


def cases(at: int) -> list[tuple[str, bool]]:
    """Which faults to try at the n-th request, and whether they last; other ones at the next."""
    every = [(name, lasting) for name in FAULTS for lasting in (False, True)]
    return [case for number, case in enumerate(every, start=at) if number % ONE_OF == 0]


@pytest.mark.usefixtures("torn_connections")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_fault_on_the_wire_costs_anybody_a_seat(
    small_tenant: SmallTenant, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wire = Wire(small_tenant)
    seen: Counter[str] = Counter()
    trouble: list[str] = []
    with working(small_tenant.folder / "seatsync.yaml") as context:
        known = what_is_known(context)
        assert bool(known) == (way != "in full")
        wire.arm(None, 0, lasting=False)
        sound = planned(context)
        requests = wire.asked
        assert (losers(sound), gainers(sound)) == ({guid(LEAVER)}, {guid(JOINER)})
        both = {f.subject.id for f in sound.findings if f.code == "U1"}
        assert both == {guid(TWICE), guid(BOTH)}
        for at in range(1, requests + 1):
            for name, lasting in cases(at):
                knows(context, known)
                wire.arm(FAULTS[name], at, lasting=lasting)
                began = monotonic()
                outcome = run(context)
                if monotonic() - began > HANGS_AFTER:
                    outcome = "hangs"
                seen["faults"] += wire.fired
                wire.arm(None, 0, lasting=False)
                if way == "by what changed" and (after := run(context)) != PLAN:
                    outcome = f"{after} afterwards" if after == NO_PLAN else after
                seen[outcome] += 1
                if outcome not in (PLAN, NO_PLAN):
                    trouble.append(f"{name} at {at}, lasting {lasting}: {outcome}")
    with capsys.disabled():
        print(
            f"\nRead {way}, {seen['faults']} faults of {len(FAULTS)} kinds at {requests} requests "
            f"to Graph: {seen[PLAN]} plans, {seen[NO_PLAN]} without a plan; revokes caused: "
            f"{seen[WRONG]}, grants that a sound reading denies: {seen[DENIED]}, hangs: "
            f"{seen['hangs']}, tracebacks: {seen[TRACEBACK]}"
        )
    assert trouble == []


LIES: dict[str, Callable[[Graph, set[tuple[str, str]]], None]] = {
    "lists and counts lack": lambda graph, them: graph.unlisted.update(them),
    "checkMemberGroups denies": lambda graph, them: graph.unchecked.update(them),
}


def test_no_contradiction_costs_or_gives_anybody_a_seat(
    small_tenant: SmallTenant, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of one membership, of all of a group, and of all.

    Who joins two groups at once, and is missing in one of the lists, is not asked for: that a list
    whose count agrees lacks somebody who has nothing to lose, nobody can know.
    """
    graph, groups = small_tenant.sandbox.graph, small_tenant.sandbox.tenant.groups
    known_memberships = [
        {(group["id"], at) for at in group["members"] if at != guid(BOTH)}
        for group in groups.values()
    ]
    every = set().union(*known_memberships)
    subjects = [*({pair} for pair in sorted(every)), *known_memberships, every]
    cases = [(lie, them) for lie in LIES for them in subjects]
    seen: Counter[str] = Counter()
    with working(small_tenant.folder / "seatsync.yaml") as context:
        known = what_is_known(context)
        for lie, them in cases[:: max(1, ONE_OF // 6)]:
            knows(context, known)
            LIES[lie](graph, them)
            outcome = run(context)
            assert outcome == PLAN, f"{lie} {them}"
            seen[outcome] += 1
            graph.unlisted.clear()
            graph.unchecked.clear()
    with capsys.disabled():
        print(f"\nRead {way}, {seen[PLAN]} contradictions: revokes and wrong grants caused: 0")


def what_is_known(context: Context) -> list[dict[str, object]]:
    with context.store.engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(known_table)).mappings()]


def knows(context: Context, rows: list[dict[str, object]]) -> None:
    """Nothing was learned since."""
    with context.store.engine.begin() as connection:
        connection.execute(delete(known_table))
        if rows:
            connection.execute(insert(known_table), rows)


def run(context: Context) -> str:
    try:
        plan = planned(context)
    except NoPlan:
        return NO_PLAN
    except Exception:
        print_exc()
        return TRACEBACK
    if gainers(plan) - {guid(JOINER)}:
        return DENIED
    return WRONG if losers(plan) - {guid(LEAVER)} else PLAN
