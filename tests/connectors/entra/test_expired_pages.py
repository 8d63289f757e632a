"""400 Directory_ExpiredPageToken: a collection is begun anew, twice at most."""

from datetime import UTC, datetime

import pytest

from connectors.entra.client import Entra
from connectors.entra.delta.client import DeltaEntra
from connectors.errors import Refused
from support.counterparts.graph_reading import CacheInMemory, read
from support.counterparts.small_tenant import SmallTenant, group, guid, user

EXPIRED = "400 Directory_ExpiredPageToken"


@pytest.mark.parametrize("times", [1, 2])
def test_a_member_list_is_read_anew(small_tenant: SmallTenant, times: int) -> None:
    small_tenant.sandbox.graph.largest_page = 10
    small_tenant.sandbox.graph.expiring = times
    sales = read(small_tenant).reads[0]
    assert (sales.complete, sales.members, sales.pages, sales.duplicates) == (True, 25, 3, 0)
    assert small_tenant.sandbox.graph.expiring == 0


def test_a_member_list_that_expires_for_ever_is_a_fault_of_its_group(
    small_tenant: SmallTenant,
) -> None:
    """R2: with what was read of it."""
    small_tenant.sandbox.graph.largest_page = 10
    small_tenant.sandbox.graph.expiring = 99
    sales, night = read(small_tenant).reads
    assert (sales.complete, sales.hidden, sales.members, night.complete) == (False, False, 10, True)
    assert EXPIRED in sales.because
    assert small_tenant.sandbox.graph.expiring == 99 - 3


@pytest.mark.parametrize("times", [2, 3])
def test_the_recycle_bin_is_read_anew(small_tenant: SmallTenant, times: int) -> None:
    """R1, if it cannot be read: who is in it would be called gone."""
    tenant = small_tenant.sandbox.tenant
    tenant.deleted = {guid(f"left{at}"): user(f"left{at}") for at in range(3)}
    small_tenant.sandbox.graph.largest_page = 1
    small_tenant.sandbox.graph.expiring = times
    entra = Entra(small_tenant.settings.directory)
    if times > 2:
        with pytest.raises(Refused, match=EXPIRED):
            entra.look_up(tenant.deleted, (), lambda _: None)
    else:
        found = entra.look_up(tenant.deleted, (), lambda _: None)
        assert found["presence"].tolist() == ["deleted"] * 3


def test_users_are_looked_up_anew(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.largest_page = 5
    small_tenant.sandbox.graph.expiring = 2
    asked = [guid(f"user{at}") for at in range(12)]
    found = Entra(small_tenant.settings.directory).look_up(asked, (), lambda _: None)
    assert sorted(found["id"]) == sorted(asked)
    assert set(found["presence"]) == {"present"}


def test_groups_are_looked_for_anew(small_tenant: SmallTenant) -> None:
    twins = {guid(f"twin{at}"): {**group("Sales Team"), "id": guid(f"twin{at}")} for at in range(3)}
    small_tenant.sandbox.tenant.groups |= twins
    small_tenant.sandbox.graph.largest_page = 2
    small_tenant.sandbox.graph.expiring = 2
    assert len(read(small_tenant).reads[0].exact) == 4


@pytest.mark.parametrize("times", [2, 3])
def test_what_changed_is_read_anew(small_tenant: SmallTenant, times: int) -> None:
    """After more than two times the groups themselves are read (R17)."""
    cache, now = CacheInMemory(), datetime.now(UTC)

    def entra() -> Entra:
        return DeltaEntra(small_tenant.settings.directory, cache, now)

    read(small_tenant, entra())
    members = small_tenant.sandbox.tenant.groups[guid("Night Desk")]["members"]
    members += [guid("user2"), guid("user3"), guid("user4")]
    small_tenant.sandbox.graph.delta.page = 1
    small_tenant.sandbox.graph.expiring = times
    directory = read(small_tenant, entra())
    assert directory.reads[1].members == 4
    assert (EXPIRED in directory.full_read_because) is (times > 2)
