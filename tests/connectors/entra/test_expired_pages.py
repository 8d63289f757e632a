"""400 Directory_ExpiredPageToken: a collection is begun anew, twice at most."""

from datetime import UTC, datetime

import pytest
from office import Office, group, guid, user
from reading import Shelf, read

from connectors.entra.client import Entra
from connectors.entra.delta.client import DeltaEntra
from connectors.errors import Refused

EXPIRED = "400 Directory_ExpiredPageToken"


@pytest.mark.parametrize("times", [1, 2])
def test_a_member_list_is_read_anew(office: Office, times: int) -> None:
    office.sandbox.graph.largest_page = 10
    office.sandbox.graph.expiring = times
    sales = read(office).reads[0]
    assert (sales.complete, sales.members, sales.pages, sales.duplicates) == (True, 25, 3, 0)
    assert office.sandbox.graph.expiring == 0


def test_a_member_list_that_expires_for_ever_is_a_fault_of_its_group(office: Office) -> None:
    """R2: with what was read of it."""
    office.sandbox.graph.largest_page = 10
    office.sandbox.graph.expiring = 99
    sales, night = read(office).reads
    assert (sales.complete, sales.hidden, sales.members, night.complete) == (False, False, 10, True)
    assert EXPIRED in sales.because
    assert office.sandbox.graph.expiring == 99 - 3


@pytest.mark.parametrize("times", [2, 3])
def test_the_recycle_bin_is_read_anew(office: Office, times: int) -> None:
    """R1, if it cannot be read: who is in it would be called gone."""
    tenant = office.sandbox.tenant
    tenant.deleted = {guid(f"left{at}"): user(f"left{at}") for at in range(3)}
    office.sandbox.graph.largest_page = 1
    office.sandbox.graph.expiring = times
    entra = Entra(office.settings.directory)
    if times > 2:
        with pytest.raises(Refused, match=EXPIRED):
            entra.look_up(tenant.deleted, (), lambda _: None)
    else:
        found = entra.look_up(tenant.deleted, (), lambda _: None)
        assert found["presence"].tolist() == ["deleted"] * 3


def test_users_are_looked_up_anew(office: Office) -> None:
    office.sandbox.graph.largest_page = 5
    office.sandbox.graph.expiring = 2
    asked = [guid(f"user{at}") for at in range(12)]
    found = Entra(office.settings.directory).look_up(asked, (), lambda _: None)
    assert sorted(found["id"]) == sorted(asked)
    assert set(found["presence"]) == {"present"}


def test_groups_are_looked_for_anew(office: Office) -> None:
    twins = {guid(f"twin{at}"): {**group("Sales Team"), "id": guid(f"twin{at}")} for at in range(3)}
    office.sandbox.tenant.groups |= twins
    office.sandbox.graph.largest_page = 2
    office.sandbox.graph.expiring = 2
    assert len(read(office).reads[0].exact) == 4


@pytest.mark.parametrize("times", [2, 3])
def test_what_changed_is_read_anew(office: Office, times: int) -> None:
    """After more than two times the groups themselves are read (R17)."""
    shelf, now = Shelf(), datetime.now(UTC)

    def entra() -> Entra:
        return DeltaEntra(office.settings.directory, shelf, now)

    read(office, entra())
    members = office.sandbox.tenant.groups[guid("Night Desk")]["members"]
    members += [guid("user2"), guid("user3"), guid("user4")]
    office.sandbox.graph.delta.page = 1
    office.sandbox.graph.expiring = times
    directory = read(office, entra())
    assert directory.reads[1].members == 4
    assert (EXPIRED in directory.not_by_changes) is (times > 2)
