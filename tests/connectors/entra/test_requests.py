"""How many requests reading takes: what Graph's own limits make necessary, and one more."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from pathlib import Path

import pandas as pd
import pytest

from connectors.entra.client import Entra
from support.counterparts.small_tenant import PEOPLE, SmallTenant, guid

PAGE = 15
"""Members that this Graph gives at once, instead of 999."""

CREDENTIAL = 1
"""The request for the last day of the app's credential."""


@pytest.fixture
def small_tenant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallTenant]:
    """So many groups, each with as many members."""
    groups, members = request.param
    names = {f"Team {at:02}": PEOPLE[:members] for at in range(groups)}
    small_tenant = SmallTenant(tmp_path, names)
    small_tenant.sandbox.graph.largest_page = PAGE
    with small_tenant.sandbox:
        yield small_tenant


def asked(small_tenant: SmallTenant) -> int:
    """Requests to Graph since this was last asked."""
    requests = small_tenant.sandbox.graph_ledger.requests
    found = sum("/v1.0/" in path for _, path in requests)
    requests.clear()
    return found


@pytest.mark.parametrize(
    "small_tenant",
    [(1, 5), (1, 25), (15, 5), (16, 20), (31, 15)],
    ids="{0[0]} groups of {0[1]}".format,
    indirect=True,
)
def test_reading_takes_a_request_per_fifteen_sets_per_page_and_per_count(
    small_tenant: SmallTenant,
) -> None:
    settings = small_tenant.settings
    directory = Entra(settings.directory).read_sets(settings.subscription_sets, (), lambda _: None)
    sets, members = len(directory.reads), directory.reads[0].members
    assert asked(small_tenant) == ceil(sets / 15) + sets * ceil(members / PAGE) + sets + CREDENTIAL


@pytest.mark.parametrize("leavers", [1, 15, 20, 24])
@pytest.mark.parametrize("small_tenant", [(1, 0), (20, 0), (21, 0)], ids=str, indirect=True)
def test_who_left_takes_a_twentieth_of_a_request_for_twenty_sets(
    small_tenant: SmallTenant, leavers: int
) -> None:
    """Two questions are asked about them: who they are, fifteen at a time, and where they are."""
    settings = small_tenant.settings
    sets = settings.subscription_sets
    who = [guid(name) for name in PEOPLE[1 : leavers + 1]]
    with Entra(settings.directory) as entra:
        directory = entra.read_sets(sets, (), lambda _: None)
        asked(small_tenant)
        found = entra.look_up(who, (), lambda _: None)
        assert asked(small_tenant) == ceil(ceil(leavers / 15) / 20)
        people = pd.concat([directory.people, found], ignore_index=True)
        losing = {at: {sets[0].name} for at in who}
        entra.recheck(replace(directory, people=people), sets, losing, lambda _: ())
    assert asked(small_tenant) == ceil(leavers * ceil(len(sets) / 20) / 20)
