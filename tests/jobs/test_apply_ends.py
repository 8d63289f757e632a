"""How an apply ends before its time: by a person, by errors, by a vendor who wants no more."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from functools import partialmethod
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update
from urllib3.util import Retry
from werkzeug.wrappers import Response

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.scim.client import TIME_BUDGET, Scim
from connectors.store.database import open_database
from connectors.store.errors import LeaseLost
from connectors.store.fence import Fence
from connectors.store.schema import lease
from connectors.store.store import Store
from jobs.executor import executor
from reconciler.model.plan import Kind
from reconciler.situations import SITUATIONS
from support.alone import alone
from support.counterparts.small_tenant import group, guid, user
from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses
from support.faults.vendor_interceptor import VendorInterceptor, refusing
from support.scenarios.pending_operations import (
    BYSTANDER,
    HER_SET,
    SETS,
    PendingOperations,
    account_of,
)


def gateway() -> Response:
    return Response("<html>")


NEWCOMERS = [f"user{at}" for at in range(7)]


class Newcomers(PendingOperations):
    """Seven people who join one set."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        tenant = {
            "users": [user(name) for name in NEWCOMERS],
            "groups": [group("Sales Team", *NEWCOMERS)],
        }
        self.sandbox = Sandbox(
            Tenant(tenant), [{"name": "Sales Team", "products": ["Sales"]}], {"Sales": 10}
        )

    def _prepare_vendor(self) -> None:
        """Nobody has an account yet."""


@pytest.fixture(scope="module")
def _newcomers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomers]:
    with Newcomers(tmp_path_factory.mktemp("newcomers")) as newcomers:
        newcomers.approve()
        newcomers.remember()
        yield newcomers


@pytest.fixture
def newcomers(_newcomers: Newcomers) -> Newcomers:
    """What they wait for is planned and approved."""
    _newcomers.return_to_it()
    return _newcomers


@pytest.fixture
def store(newcomers: Newcomers) -> Iterator[Store]:
    store = open_database(load(newcomers.config).store)
    yield store
    store.close()


def applied(pending: PendingOperations) -> tuple[dict[str, int], dict[str, str]]:
    """Operations per result, and the findings' messages by code."""
    said = pending.json("apply latest")
    results = [outcome["result"] for outcome in said["outcomes"]]
    found = {finding["code"]: finding["message"] for finding in said["findings"]}
    return {result: results.count(result) for result in sorted(set(results))}, found


def converged(pending: PendingOperations) -> bool:
    pending.approve()
    return pending.run("apply latest").exit_code == 0 and pending.run("plan").exit_code == 0


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT, signal.SIGINT]])
def test_a_signal_ends_it_after_what_is_under_way(
    newcomers: Newcomers,
    store: Store,
    processes: SeatsyncProcesses,
    signals: list[signal.Signals],
) -> None:
    """The real program: it finishes, records, and says how far it came."""
    process: Future[SeatsyncProcess] = Future()

    def interrupt() -> None:
        for number in signals:
            process.result().send(number)

    VendorInterceptor(newcomers).intercept("POST", "/v2/Users", interrupt)
    process.set_result(processes.start(newcomers.config, "apply", "latest", "--json"))
    ended = process.result().wait()
    assert ended.code == 4
    outcomes = json.loads(ended.output)["outcomes"]
    done = [outcome for outcome in outcomes if outcome["result"] == "done"]
    left = [outcome for outcome in outcomes if outcome["result"] == "skipped"]
    assert len(done) + len(left) == len(outcomes)
    assert f"stopped by {signals[0].name}" in {outcome["detail"] for outcome in left}
    assert len(newcomers.deeds) == len(done)
    assert alone(store).journal.interrupted("") == ()
    VendorInterceptor(newcomers).clear()
    assert converged(newcomers)


def test_a_signal_leaves_the_vendor_the_time_to_finish_and_no_more(
    newcomers: Newcomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []
    asked = count(1)

    def interrupt() -> None:
        if next(asked) == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Scim, "finish_within", lambda _, seconds: given.append(seconds))
    VendorInterceptor(newcomers).intercept("POST", "/v2/Users", interrupt)
    assert newcomers.run("apply latest").exit_code == 4
    assert given == [executor.FINISHING_SECONDS]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 413, 429, 500, 501, 503])
def test_a_refusal_fails_its_operation_and_what_needs_it(
    newcomers: Newcomers, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(Retry, "get_backoff_time", lambda _: 0)
    VendorInterceptor(newcomers).on("POST", "/v2/Users", refusing(status))
    applied = newcomers.run("apply latest")
    assert applied.exit_code == 4
    assert f"{status} no" in applied.stdout
    assert newcomers.sandbox.portal.used() == {"Sales": 0}


def test_p8_five_errors_in_a_row_end_it(newcomers: Newcomers) -> None:
    VendorInterceptor(newcomers).on("POST", "/v2/Users", refusing(400))
    results, found = applied(newcomers)
    assert 5 <= results["failed"] < len(NEWCOMERS) + 1
    assert "P8" in found
    assert "5 in a row" in found["P8"]
    VendorInterceptor(newcomers).clear()
    assert converged(newcomers)


def test_p9_a_vendor_who_wants_to_be_left_alone_for_hours_is(newcomers: Newcomers) -> None:
    answers = iter([None, None, *[Response(status=429, headers={"Retry-After": "7200"})] * 9])
    VendorInterceptor(newcomers).intercept("POST", "/v2/Users", lambda: next(answers, None))
    results, found = applied(newcomers)
    assert results["done"] >= 2
    assert "P9" in found
    VendorInterceptor(newcomers).clear()
    assert converged(newcomers)


def test_p21_what_could_not_be_read_back_in_the_time_of_a_run_is_left_to_the_next(
    newcomers: Newcomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = count(1)

    def late() -> None:
        if next(asked) == 3:
            monkeypatch.setattr(executor, "FINISHING_SECONDS", 2 * TIME_BUDGET)

    VendorInterceptor(newcomers).intercept("POST", "/v2/Users", late)
    results, found = applied(newcomers)
    assert results.keys() == {"done", "skipped"}
    assert results["done"] >= 3
    assert f"{results['done']} of {sum(results.values())} operations are done" in found["P21"]
    run = newcomers.json("history")[0]
    assert run["summary"].endswith(" skipped: the time for this run is over")
    monkeypatch.undo()
    VendorInterceptor(newcomers).clear()
    assert converged(newcomers)


def test_s8_whom_the_vendor_gives_no_seat_waits_and_others_are_not_tried(
    newcomers: Newcomers, store: Store
) -> None:
    newcomers.sandbox.portal.seats["Sales"] = 3
    results, found = applied(newcomers)
    assert results["done"] == len(NEWCOMERS) + 1 + 3
    assert "no available seats of Sales" in found["S8"]
    assert newcomers.sandbox.portal.used()["Sales"] == 3
    assert results["failed"] == 1
    assert set(alone(store).memory.load().waits["since_run"]) == {1}  # also theirs who got none
    newcomers.sandbox.portal.seats["Sales"] = 10
    assert converged(newcomers)


def test_s8_where_the_account_takes_the_seat_those_who_have_one_are_served(
    newcomers: Newcomers,
) -> None:
    """402 says that no account more is to be had; it says nothing of the group."""
    answers = iter([None, None, None])
    full = refusing(402, '{"detail": "Payment required"}')
    VendorInterceptor(newcomers).intercept("POST", "/v2/Users", lambda: next(answers, full()))
    results, found = applied(newcomers)
    assert "Payment required" in found["S8"]
    assert "no seat of Sales" in found["S8"]
    assert "P8" not in found
    assert newcomers.sandbox.portal.used()["Sales"] == 3
    assert results["done"] == 1 + 3 + 3
    VendorInterceptor(newcomers).clear()
    assert converged(newcomers)


def test_v11_whatever_happens_to_names_whoever_joins_is_served(newcomers: Newcomers) -> None:
    assert newcomers.run("apply latest").exit_code == 0
    people = [user(name, surname="Newname") for name in NEWCOMERS]
    joiner = user("joiner")
    sales = group("Sales Team", *NEWCOMERS, "joiner")
    newcomers.sandbox.tenant.replace({"users": [*people, joiner], "groups": [sales]})
    newcomers.approve()
    VendorInterceptor(newcomers).on("PATCH", "/v2/Users", refusing(400))
    results, found = applied(newcomers)
    assert "P8" not in found
    assert "5 in a row" in found["V11"]
    assert newcomers.sandbox.portal.used()["Sales"] == len(NEWCOMERS) + 1
    assert results["done"] == 2


def test_t5_a_vendor_who_ignores_every_change_of_sets_looks_switched_off(
    newcomers: Newcomers, store: Store
) -> None:
    """It says 2xx to everything: that tells nothing about seats."""
    with newcomers.vendor() as vendor:
        vendor.create_set_group("Sales Team")
    newcomers.approve()
    newcomers.sandbox.portal.managed_through_idp = False
    results, found = applied(newcomers)
    assert results == {"done": len(NEWCOMERS), "failed": len(NEWCOMERS)}
    assert found.keys() == {"T5"}
    assert "looks off in the vendor's portal: it accepted 7 changes of groups" in found["T5"]
    assert newcomers.sandbox.portal.used()["Sales"] == 0
    newcomers.sandbox.portal.managed_through_idp = True
    assert converged(newcomers)


def test_t5_ignored_in_a_second_set_nothing_more_is_sent(tmp_path: Path) -> None:
    with PendingOperations(tmp_path) as pending:
        pending.approve()
        pending.sandbox.portal.managed_through_idp = False
        results, found = applied(pending)
        assert found.keys() == {"T5", "V3"}  # a group that was made may still show
        assert pending.sandbox.portal.used() == {"Sales": 6, "Marketing": 0, "Talent": 0}
        assert results["skipped"] > 1
        assert all(change[-1][0] not in "+-" for change in pending.deeds)


def test_p10_an_outcome_that_cannot_be_read_is_read_before_the_next_plan(
    newcomers: Newcomers, store: Store
) -> None:
    interceptor = VendorInterceptor(newcomers)
    interceptor.on("PATCH", "/v2/Groups", refusing(500), after=True)
    interceptor.intercept("GET", "/v2/Groups/", _after_a_write(newcomers))
    results, found = applied(newcomers)
    assert results["unknown"] == len(NEWCOMERS)
    assert "not possible either" in found["P10"]
    assert len(alone(store).journal.interrupted("")[0].open) == results["unknown"]
    interceptor.clear()
    assert newcomers.run("plan").exit_code == 0  # the one request had moved all of them
    assert "R13" in newcomers.run("show").stdout
    assert alone(store).journal.interrupted("") == ()
    assert len(set(newcomers.deeds)) == len(newcomers.deeds)


TOO_LONG = Response(status=429, headers={"Retry-After": "7200"})


@pytest.mark.parametrize(
    ("answer", "code"),
    [(refusing(401), "T2"), (lambda: TOO_LONG, "P9"), (refusing(403), "T3"), (gateway, "R3")],
)
def test_t2_p9_what_keeps_a_plan_from_reading_back_is_told_with_its_advice(
    newcomers: Newcomers, store: Store, answer: Callable[[], Response], code: str
) -> None:
    interceptor = VendorInterceptor(newcomers)
    interceptor.on("PATCH", "/v2/Groups", refusing(500), after=True)
    interceptor.intercept("GET", "/v2/Groups/", _after_a_write(newcomers))
    newcomers.run("apply latest")
    assert alone(store).journal.interrupted("")
    interceptor.clear()
    interceptor.on("GET", "/v2/", answer)
    told = newcomers.run("plan")
    assert told.exit_code == 1
    assert told.stderr.startswith(f"{code}: ")
    assert SITUATIONS[code].advice in told.stderr
    interceptor.clear()
    assert newcomers.run("plan").exit_code == 0


def test_t2_a_token_that_is_refused_before_an_apply_is_told_with_its_advice(
    newcomers: Newcomers,
) -> None:
    VendorInterceptor(newcomers).on("GET", "/v2/", refusing(401))
    told = newcomers.run("apply latest")
    assert told.exit_code == 1
    assert told.stderr.startswith("T2: ")
    assert SITUATIONS["T2"].advice in told.stderr
    VendorInterceptor(newcomers).clear()
    assert newcomers.run("apply latest").exit_code == 0


def _after_a_write(pending: PendingOperations) -> Any:
    """The group cannot be read any more once it has a member."""

    def answer() -> Response | None:
        filled = pending.sandbox.portal.members("Sales Team")
        return Response("{}", status=404) if filled else None

    return answer


@pytest.mark.parametrize(
    ("already", "result", "code"),
    [
        ({}, "done", None),
        ({"externalId": ""}, "done", None),
        ({"externalId": "", 'emails[type eq "work"].value': "o@x.example"}, "failed", "A5"),
        ({"externalId": guid("somebody")}, "failed", "A5"),
    ],
)
def test_an_account_that_exists_is_adopted_if_it_is_certainly_the_users(
    tmp_path: Path, already: dict[str, str], result: str, code: str | None
) -> None:
    """Made by somebody in the moment before ours, so that the vendor says 409."""
    with PendingOperations(tmp_path, Kind.CREATE_ACCOUNT) as pending:
        pending.approve()
        made: list[str] = []

        def faster() -> None:
            if not made:
                made.append("eva")
                with pending.vendor() as vendor:
                    at = vendor.create_account(account_of("eva") | already)
                pending.resource(at).external_id = already.get("externalId", guid("eva")) or None

        VendorInterceptor(pending).intercept("POST", "/v2/Users", faster)
        said = pending.json("apply latest")
        assert said["outcomes"][0]["result"] == result
        assert [finding["code"] for finding in said["findings"]] == ([code] if code else [])
        creations = [deed for deed in pending.deeds if deed[0] == "create"]
        assert creations == [("create", "eva@harbour.example")]


class Movers(PendingOperations):
    """Three who move together from one set to another."""

    NAMES = ("mia", "max", "moe")

    def _tenant(self) -> dict[str, Any]:
        return {
            "users": [user(name) for name in (BYSTANDER, *self.NAMES)],
            "groups": [
                group(HER_SET, BYSTANDER),
                group("Marketing Team", *self.NAMES),
                group("Talent Team"),
            ],
        }

    def _prepare_vendor(self) -> None:
        with self.vendor() as vendor:
            at = {name: vendor.create_set_group(name) for name in SETS}
            for name in (BYSTANDER, *self.NAMES):
                vendor.add_member(at[HER_SET], vendor.create_account(account_of(name)))


def test_r12_who_was_taken_over_sends_nothing_more_of_what_it_had_begun_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = timedelta(seconds=0.2)
    monkeypatch.setattr(Store, "lease", partialmethod(Store.lease, beat=often))
    noticed, sound = Event(), Fence.beat

    def beat(fence: Fence) -> None:
        try:
            sound(fence)
        except LeaseLost:
            noticed.set()
            raise

    monkeypatch.setattr(Fence, "beat", beat)
    with Movers(tmp_path) as movers:
        movers.approve()
        store = open_database(load(movers.config).store)

        def take_over() -> None:
            interceptor.clear()
            with store.engine.begin() as connection:
                connection.execute(update(lease).values(run_id="another"))
            assert noticed.wait(300)

        interceptor = VendorInterceptor(movers)
        interceptor.intercept("PATCH", "/v2/Groups", take_over)
        ended = movers.run("apply latest --json")
        outcomes = json.loads(ended.stdout)["outcomes"]
        store.close()
        # Of the first move one half was under way; the heir's plan has the other.
        assert [outcome["result"] for outcome in outcomes] == ["failed", "skipped", "skipped"]
        assert all("another run has taken over" in outcome["detail"] for outcome in outcomes)
        assert len(movers.deeds) == 1
        assert ended.exit_code == 4
