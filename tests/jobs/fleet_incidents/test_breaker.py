"""One cause takes seats in 30 % of 20 tenants: one message, and nothing more is written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from config.load import load_fleet
from jobs.fleet.tenant_run import RunFailed, run_tenant
from reconciler.fleet import FEWEST_LOSING
from reconciler.model.fleet import SharedLoss
from support.scenarios.simulated_fleet import CROWD, PEOPLE, SimulatedFleet


def run(fleet: SimulatedFleet, name: str) -> None:
    run_tenant(load_fleet(fleet.file), fleet.tenants, name, datetime.now(UTC))


def planned(fleet: SimulatedFleet, names: Sequence[str], unusual: frozenset[str]) -> None:
    """By others, as their runs leave it."""
    for name in names:
        with fleet.tenants.store(name).transaction() as tx:
            tx.fleet.add("another", datetime.now(UTC), {}, unusual)


def stop(fleet: SimulatedFleet, name: str) -> None:
    with fleet.tenants.store(name).transaction() as tx:
        tx.fleet.stop(SharedLoss("U3", 6, 20), datetime.now(UTC))


def writes(fleet: SimulatedFleet) -> int:
    return sum(map(len, fleet.vendors.writers.values()))


def test_p22_a_loss_of_many_tenants_stops_them_all_until_a_person_lets_them_go_on(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    fleet.add(20)
    *healthy, last = fleet.names
    fleet.have(last, CROWD)
    run(fleet, last)
    fleet.pass_an_hour([last])
    settled = writes(fleet)
    assert settled > 0
    planned(fleet, healthy[5:], frozenset())
    planned(fleet, healthy[:5], frozenset({"U3"}))

    fleet.have(last, CROWD, left=PEOPLE)
    run(fleet, last)
    run(fleet, healthy[0])
    assert writes(fleet) == settled
    ((told, _),) = httpserver.log
    message = told.get_json()["message"]
    assert "of 20 tenants that were planned within an hour, 6 would lose" in message
    assert "seatsync fleet resume-applies" in message
    assert "P22" in fleet.command("status").output

    assert "Plans are applied again" in fleet.command("resume-applies", "--reason", "meant").output
    assert "P22" not in fleet.command("status").output
    run(fleet, last)
    assert writes(fleet) > settled
    assert len(httpserver.log) == 1
    assert "applies are not stopped" in fleet.command("resume-applies", "--reason", "again").output


def test_p23_an_unusual_loss_is_applied_by_the_first_run_that_is_an_hour_later(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    fleet.add(1)
    (name,) = fleet.names
    fleet.have(name, CROWD)
    run(fleet, name)
    fleet.pass_an_hour([name])
    settled = writes(fleet)
    fleet.have(name, CROWD, left=PEOPLE)
    run(fleet, name)
    ((said,),) = fleet.ask("SELECT summary FROM runs ORDER BY started DESC LIMIT 1")
    assert "it takes something from more users than any plan of this tenant did" in said
    run(fleet, name)
    assert writes(fleet) == settled
    fleet.pass_an_hour([name])
    run(fleet, name)
    assert writes(fleet) > settled
    assert httpserver.log == []


def test_whatever_takes_seats_in_many_tenants_is_one_message_and_no_write(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    fleet.add(FEWEST_LOSING + 2)
    losing = fleet.names[:FEWEST_LOSING]
    for name in fleet.names:
        fleet.have(name, CROWD)
        run(fleet, name)
    fleet.pass_an_hour(losing)
    settled = writes(fleet)
    for name in losing:
        fleet.have(name, CROWD, left=PEOPLE)
        run(fleet, name)
    assert writes(fleet) == settled
    assert [request.path for request, _ in httpserver.log] == ["/fleet"]
    assert "P22" in fleet.command("status").output


def test_a_loss_that_few_tenants_share_is_applied(fleet: SimulatedFleet) -> None:
    fleet.add(20)
    *healthy, last = fleet.names
    planned(fleet, healthy[4:], frozenset())
    planned(fleet, healthy[:4], frozenset({"U3"}))
    run(fleet, last)
    assert writes(fleet) > 0


def test_nothing_is_approved_meanwhile_that_would_be_applied_later(fleet: SimulatedFleet) -> None:
    fleet.add(1)
    (name,) = fleet.names
    stop(fleet, name)
    run(fleet, name)
    assert writes(fleet) == 0
    assert fleet.ask("SELECT * FROM approvals") == []
    assert "P22" in fleet.command("status").output


def test_an_apply_that_is_under_way_stops_too(fleet: SimulatedFleet) -> None:
    fleet.add(1)
    (name,) = fleet.names
    vendor = fleet.vendors.new(name)

    def stopping(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST":
            stop(fleet, name)
        return vendor(environ, start_response)

    fleet.vendors.vendors[name] = stopping  # type: ignore[assignment]
    with pytest.raises(RunFailed):
        run(fleet, name)
    assert (writes(fleet), fleet.vendors.asked_for()) == (1, 0)  # the set's group, and nobody in it
