"""Every fault at every request to Graph, one after the other: nobody loses a seat by any of them,
and nobody is given one whom a sound reading finds in two groups.

It is read in full, by what changed, and both ways in one run, to be compared; after a run by what
changed, another one without a fault must not have learned anything wrong from it.

Then Graph contradicts itself, about each membership in turn.

Each kind of fault is met in one of the ways, at a request drawn by chance; `make faults` runs all
combinations (`SEATSYNC_FAULTS=1`).
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
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
from support.faults.http_faults import FAULTS
from support.scenarios.plan_and_apply import in_step, planned

EVERY = "SEATSYNC_FAULTS" in os.environ
HANGS_AFTER = 300.0
"""Seconds, far beyond every time-out here, so that a slow machine is no hang."""

PLAN, NO_PLAN, TRACEBACK = "a plan", "no plan", "a traceback"
WRONG, DENIED = "a wrong revoke", "a grant that a sound reading denies"
LEAVER, TWICE, BOTH, JOINER = "user24", "user0", "user23", "user22"
SALES, NIGHT = "Sales Team", "Night Desk"


@dataclass(frozen=True)
class Fault:
    """What becomes of the n-th answer of Graph; if `lasting`, of every later one to the same
    question too."""

    name: str
    at: int
    lasting: bool


class Wire:
    """Spoils an answer of Graph while it is armed; `asked` counts the requests since then."""

    def __init__(self, small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch) -> None:
        graph = small_tenant.sandbox.graph
        self._sound, self._lock, self._monkeypatch = graph.answer, Lock(), monkeypatch
        monkeypatch.setattr(graph, "answer", self.answer)
        self.arm(None)

    def arm(self, fault: Fault | None) -> None:
        self._spoil = FAULTS[fault.name] if fault else None
        self._at, self._lasting = (fault.at, fault.lasting) if fault else (0, False)
        self._question, self.asked, self.fired = "", 0, False
        patience = IMPATIENT if fault and fault.name in SLOW else PATIENT
        for name, seconds in patience.items():
            self._monkeypatch.setattr(transport, name, seconds)

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


SLOW = {"silence", "trickling"}
PATIENT = {"READ_SECONDS": transport.READ_SECONDS, "ANSWER_SECONDS": transport.ANSWER_SECONDS}
IMPATIENT = {"READ_SECONDS": 0.25, "ANSWER_SECONDS": 0.5}
"""Where an answer is slow by intent: any other one comes, however slow this machine is."""

WAYS: dict[str, dict[str, object]] = {
    "in full": {},
    "by what changed": {"delta": True},
    "both ways": {"delta": True, "full_read_after_runs": 1},
}


Known = list[dict[str, object]]


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def _prepared(
    way: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SmallTenant, Known]]:
    """In step with its vendor, as far as the store knows; then one leaves, one joins a second
    group, one two, and one one."""
    folder = tmp_path_factory.mktemp("prepared")
    small_tenant = SmallTenant(folder, {SALES: PEOPLE[:12], NIGHT: [*PEOPLE[12:22], LEAVER]})
    with small_tenant.sandbox:
        small_tenant.sandbox.graph.largest_page = 5
        directory = {**small_tenant.sandbox.directory, **WAYS[way]}
        small_tenant.sandbox.write_config(folder / "seatsync.yaml", directory=directory)
        with working(folder / "seatsync.yaml") as context:
            in_step(context)
            known = what_is_known(context)
        sales, night = (small_tenant.sandbox.tenant.groups[guid(name)] for name in (SALES, NIGHT))
        night["members"].remove(guid(LEAVER))
        night["members"] += [guid(TWICE), guid(BOTH)]
        sales["members"] += [guid(BOTH), guid(JOINER)]
        yield small_tenant, known


@pytest.fixture
def small_tenant(
    _prepared: tuple[SmallTenant, Known], monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallTenant]:
    """Nothing was learned since; what fails is tried once more, and at once."""
    small_tenant, known = _prepared
    with working(small_tenant.folder / "seatsync.yaml") as context:
        knows(context, known)
    monkeypatch.setattr(
        app_token, "RETRIES", app_token.RETRIES.new(backoff_factor=0, retry_after_max=0)
    )
    with stamina.set_testing(True, attempts=2):
        yield small_tenant


def losers(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.lost}


def gainers(plan: Plan) -> set[str]:
    return {operation.subject.id for operation in plan.operations if operation.gained}


def drawn(way: str, requests: int) -> list[Fault]:
    """Every fault at every request, or this way's share of them, half of which last."""
    if EVERY:
        return [
            Fault(name, at, lasting)
            for at in range(1, requests + 1)
            for name in FAULTS
            for lasting in (False, True)
        ]
    chance = Random(way)  # noqa: S311
    share = list(FAULTS)[list(WAYS).index(way) :: len(WAYS)]
    return [
        Fault(name, chance.randint(1, requests), lasting=bool(at % 2))
        for at, name in enumerate(share)
    ]


@pytest.mark.usefixtures("torn_connections")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_fault_on_the_wire_costs_anybody_a_seat(
    small_tenant: SmallTenant,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wire = Wire(small_tenant, monkeypatch)
    seen: Counter[str] = Counter()
    trouble: list[str] = []
    with working(small_tenant.folder / "seatsync.yaml") as context:
        known = what_is_known(context)
        assert bool(known) == (way != "in full")
        sound = planned(context)
        faults = drawn(way, wire.asked)
        assert (losers(sound), gainers(sound)) == ({guid(LEAVER)}, {guid(JOINER)})
        both = {f.subject.id for f in sound.findings if f.code == "U1"}
        assert both == {guid(TWICE), guid(BOTH)}
        for fault in faults:
            knows(context, known)
            wire.arm(fault)
            began = monotonic()
            outcome = run(context)
            if monotonic() - began > HANGS_AFTER:
                outcome = "hangs"
            seen["faults"] += wire.fired
            wire.arm(None)
            if way == "by what changed" and (after := run(context)) != PLAN:
                outcome = f"{after} afterwards" if after == NO_PLAN else after
            seen[outcome] += 1
            if outcome not in (PLAN, NO_PLAN):
                trouble.append(f"{fault}: {outcome}")
    kinds, requests = (len({getattr(fault, part) for fault in faults}) for part in ("name", "at"))
    with capsys.disabled():
        print(
            f"\nRead {way}, {seen['faults']} faults of {kinds} kinds at {requests} requests "
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
        for lie, them in cases[:: 1 if EVERY else 14]:
            knows(context, known)
            LIES[lie](graph, them)
            outcome = run(context)
            assert outcome == PLAN, f"{lie} {them}"
            seen[outcome] += 1
            graph.unlisted.clear()
            graph.unchecked.clear()
    with capsys.disabled():
        print(f"\nRead {way}, {seen[PLAN]} contradictions: revokes and wrong grants caused: 0")


def what_is_known(context: Context) -> Known:
    with context.store.engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(known_table)).mappings()]


def knows(context: Context, rows: Known) -> None:
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
