"""A server that fails the runs of many tenants is told once, and once when it is over (R31)."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from pytest_httpserver import HTTPServer

from config.directory import DirectorySettings
from config.load import load, load_fleet
from connectors.errors import NoCredential, Refused, Unreachable
from jobs.clock import utc_now
from jobs.fleet.tenant_run import run_tenant
from jobs.fleet.tenants import settings_of
from jobs.fleet_incidents.outages import failing_server
from jobs.reading.faults import vendor_unread
from reconciler.fleet import FEWEST_FAILING
from reconciler.no_plan import NoPlan
from reconciler.situations import RUN, finding
from reconciler.situations.runs import DIRECTORY_UNREACHABLE
from support.scenarios.company import Company
from support.scenarios.fleet import fleet_around, tenant
from support.scenarios.simulated_fleet import SimulatedFleet

TENANTS, DOWN = 7, 3


@pytest.fixture
def fleet(fleet: SimulatedFleet) -> SimulatedFleet:
    fleet.add(TENANTS)
    return fleet


def run(fleet: SimulatedFleet, names: Sequence[str]) -> None:
    for name in names:
        with suppress(NoPlan):
            run_tenant(load_fleet(fleet.file), fleet.tenants, name, datetime.now(UTC))


def told(httpserver: HTTPServer, path: str) -> list[str]:
    """The texts that came there; they are forgotten."""
    mine = [request.get_json() for request, _ in httpserver.log if request.path == path]
    httpserver.log[:] = [entry for entry in httpserver.log if entry[0].path != path]
    return [f"{one['title']}: {one['message']}" for one in mine]


def outages(fleet: SimulatedFleet) -> list[int]:
    return [outage.tenants for outage in fleet.tenants.outages()]


def test_r31_a_vendor_that_is_down_for_many_is_one_message_and_one_when_it_is_over(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    down = fleet.names[:DOWN]
    fleet.vendors.down.update(down)
    run(fleet, fleet.names)
    (first,) = told(httpserver, "/tenant")
    assert "a run failed" in first
    (message,) = told(httpserver, "/fleet")
    assert "a server fails the runs of several tenants" in message
    assert f"has failed the newest runs of {FEWEST_FAILING} tenants of the fleet" in message
    assert outages(fleet) == [DOWN]
    assert f"R31: 127.0.0.1:{fleet.port} has failed" in fleet.command("status").stderr
    rows = json.loads(fleet.command("status", "--json").stdout)
    hit = {row["tenant"]: row["outage"] for row in rows}
    assert hit == {name: f"127.0.0.1:{fleet.port}" * (name in down) for name in fleet.names}
    assert not any(fleet.vendors.writers[name] for name in down)
    run(fleet, down)  # still
    assert (told(httpserver, "/tenant"), told(httpserver, "/fleet")) == ([], [])

    fleet.vendors.down.clear()
    run(fleet, down[1:])
    assert outages(fleet) == [1]  # whose next run may fail
    run(fleet, down[:1])
    assert outages(fleet) == []
    (message,) = told(httpserver, "/fleet")
    assert "go well again" in message
    (message,) = told(httpserver, "/tenant")  # of the first one, which told that it had failed
    assert "runs are well again" in message
    assert all(fleet.vendors.writers[name] for name in down)


def test_one_tenants_failure_is_its_own(fleet: SimulatedFleet, httpserver: HTTPServer) -> None:
    alone = fleet.names[:1]
    fleet.vendors.down.update(alone)
    run(fleet, fleet.names)
    fleet.vendors.down.clear()
    run(fleet, alone)
    failed, well = told(httpserver, "/tenant")
    assert "a run failed" in failed
    assert "runs are well again" in well
    assert told(httpserver, "/fleet") == []


def test_failures_that_are_an_hour_apart_are_two(fleet: SimulatedFleet) -> None:
    fleet.vendors.down.update(fleet.names)
    run(fleet, fleet.names[:1])
    fleet.pass_an_hour(fleet.names)
    run(fleet, fleet.names[1:2])
    assert outages(fleet) == []


def test_a_tenant_that_does_not_run_any_more_keeps_no_outage_open(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    fleet.vendors.down.update(fleet.names[:2])
    run(fleet, fleet.names[:2])
    fleet.pass_an_hour(fleet.names)
    run(fleet, fleet.names[2:3])
    assert outages(fleet) == []
    assert len(told(httpserver, "/fleet")) == 2


def test_of_tenants_that_find_out_at_the_same_time_one_begins_it(fleet: SimulatedFleet) -> None:
    at, together, begun = utc_now(), Barrier(TENANTS), list[bool]()

    def fail(name: str) -> None:
        store = fleet.tenants.store(name)
        with store.transaction() as tx:
            tx.outages.failed("vendor.example", at)
        together.wait()
        with store.transaction() as tx:
            begun.append(tx.outages.begin("vendor.example", at))

    threads = [Thread(target=fail, args=[name]) for name in fleet.names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [False] * (TENANTS - 1) + [True]


def test_r31_who_told_of_a_failure_tells_that_it_is_over(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    """The first tenant, which was alone with it, fails again while the fleet is told."""
    down = fleet.names[:DOWN]
    fleet.vendors.down.update(down)
    run(fleet, [*down, *down])
    fleet.vendors.down.clear()
    run(fleet, down)
    failed, well = told(httpserver, "/tenant")
    assert "a run failed" in failed
    assert "runs are well again" in well


def test_r31_a_fault_of_its_own_after_an_outage_is_told_and_so_is_its_end(
    fleet: SimulatedFleet, httpserver: HTTPServer
) -> None:
    first, last = fleet.names[:2]
    fleet.vendors.down.update((first, last))
    run(fleet, [first, last])
    fleet.vendors.down.clear()
    told(httpserver, "/tenant")
    token = fleet.file.parent / "tenants" / f"{last}.token"
    right = token.read_text()
    token.write_text("refused")
    run(fleet, [last])
    token.write_text(right)
    run(fleet, [last])
    failed, well = told(httpserver, "/tenant")
    assert "a run failed" in failed
    assert "runs are well again" in well


@pytest.mark.parametrize("receivers", [[], [{"to": "env:TELL_FLEET", "events": ["stopped"]}]])
def test_where_nobody_is_told_of_the_fleets_failures_each_tenant_tells(
    fleet: SimulatedFleet, httpserver: HTTPServer, receivers: list[dict[str, object]]
) -> None:
    said = json.loads(fleet.file.read_text())
    fleet.file.write_text(json.dumps({**said, "notifications": receivers}))
    fleet.vendors.down.update(fleet.names[:DOWN])
    run(fleet, fleet.names[:DOWN])
    assert len(told(httpserver, "/tenant")) == DOWN
    assert told(httpserver, "/fleet") == []
    assert outages(fleet) == [DOWN]


@pytest.mark.parametrize(
    ("cause", "is_the_servers"),
    [
        (Unreachable("reading", "no answer in time"), True),
        (Refused("reading", 503, "down"), True),
        (Refused("reading", 429, "slower"), True),
        (Refused("reading", 403, "no"), False),
        (NoCredential("reading", "there is no token"), False),
    ],
)
def test_only_a_servers_fault_is_that_of_its_host(
    fleet: SimulatedFleet, cause: Refused | Unreachable, is_the_servers: bool
) -> None:
    settings = settings_of(load_fleet(fleet.file), fleet.names[0])
    error = NoPlan(vendor_unread(cause))
    error.__cause__ = cause
    assert failing_server(settings, error).startswith("127.0.0.1:") is is_the_servers
    assert failing_server(settings, None) == ""


def test_entra_id_is_a_server_like_the_vendor(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fleet_around(company, monkeypatch):
        settings = load(tenant(company, "contoso").config)
    assert isinstance(settings.directory, DirectorySettings)
    error = NoPlan(finding(DIRECTORY_UNREACHABLE, RUN, why="no answer in time"))
    error.__cause__ = Unreachable("reading", "no answer in time")
    graph = failing_server(settings, error)
    assert settings.directory.endpoints.graph.endswith(f"//{graph}")
    error = NoPlan(vendor_unread(Unreachable("reading", "no answer in time")))
    error.__cause__ = Unreachable("reading", "no answer in time")
    assert failing_server(settings, error) not in {"", graph}
