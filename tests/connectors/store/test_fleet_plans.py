"""What the plans of all tenants lose is counted by tenant, however often one was planned."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.store.tenants import Tenants, open_tenants
from reconciler.model.fleet import SharedLoss, UnusualLosses
from support.counterparts.databases import postgresql

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def tenants() -> Iterator[Tenants]:
    """One with two plans, one with another loss beside, one without any, and one of long ago."""
    with postgresql() as url, open_tenants(url) as tenants:
        plans = {
            "first": [("1", NOW, {"U3"}), ("2", NOW, {"U3", "U5"})],
            "second": [("1", NOW, {"U3"})],
            "third": [("1", NOW, set())],
            "fourth": [("1", NOW - 2 * HOUR, {"U3"})],
        }
        for name, each in plans.items():
            tenants.add(name, "")
            with tenants.store(name).transaction() as tx:
                for plan, at, unusual in each:
                    tx.fleet.add(plan, at, {}, frozenset(unusual))
        yield tenants


def counted(tenants: Tenants) -> UnusualLosses:
    """As whichever tenant sees it."""
    with tenants.store("third").transaction() as tx:
        return tx.fleet.unusual_losses(NOW - HOUR)


def test_each_tenant_of_the_last_hour_counts_once(tenants: Tenants) -> None:
    assert counted(tenants) == UnusualLosses(3, {"U3": 2, "U5": 1})


def test_what_was_planned_before_a_person_let_applies_go_on_counts_no_more(
    tenants: Tenants,
) -> None:
    with tenants.store("third").transaction() as tx:
        tx.fleet.stop(SharedLoss("U3", 2, 3), NOW)
    tenants.resume_applies(NOW, "ada", "meant")
    with tenants.store("second").transaction() as tx:
        tx.fleet.add("2", NOW + timedelta(minutes=1), {}, frozenset({"U5"}))
    assert counted(tenants) == UnusualLosses(1, {"U5": 1})
