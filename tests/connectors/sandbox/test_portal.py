"""The vendor of the guide: tokens, the switch, sets, and seats that run out."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.sandbox.portal import NoSeatError, OtherSetError, Portal, PortalError

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def portal() -> Portal:
    portal = Portal({"Sales": 2, "Marketing": 1}, clock=lambda: NOW)
    portal.generate_token("90d")
    portal.create_set("Sales Team", "", ["Sales"])
    portal.create_set("Both", "", ["Sales", "Marketing"])
    return portal


@pytest.mark.parametrize(("lifetime", "days"), [("90d", 90), ("180d", 180), ("1y", 365)])
def test_a_token_lives_as_long_as_was_chosen(portal: Portal, lifetime: str, days: int) -> None:
    token = portal.generate_token(lifetime)
    portal.clock = lambda: NOW + timedelta(days=days, seconds=-1)
    assert portal.accepts(token)
    portal.clock = lambda: NOW + timedelta(days=days)
    assert not portal.accepts(token)


def test_a_new_token_invalidates_the_old_one(portal: Portal) -> None:
    old, new = portal.generate_token("90d"), portal.generate_token("90d")
    assert portal.accepts(new)
    assert not portal.accepts(old)


def test_expiry_leaves_users_alone_and_stops_new_sets(portal: Portal) -> None:
    portal.assign("Sales Team", ["ana"], [])
    portal.clock = lambda: NOW + timedelta(days=91)
    assert portal.members("Sales Team") == {"ana"}
    with pytest.raises(PortalError, match="refresh"):
        portal.create_set("Talent Team", "", ["Sales"])


def test_the_switch_turns_itself_on_once(portal: Portal) -> None:
    token = portal.generate_token("90d")
    assert not portal.managed_through_idp
    portal.accepts("wrong")
    assert not portal.managed_through_idp
    portal.accepts(token)
    assert portal.managed_through_idp
    portal.managed_through_idp = False
    portal.accepts(token)
    assert not portal.managed_through_idp


@pytest.mark.parametrize("name", ["ab", "x" * 36, "Sales & Marketing", "Équipe"])
def test_sets_have_the_guides_names(portal: Portal, name: str) -> None:
    with pytest.raises(PortalError):
        portal.create_set(name, "", ["Sales"])


@pytest.mark.parametrize("products", [[], ["Talent"]])
def test_a_set_has_products_that_were_bought(portal: Portal, products: list[str]) -> None:
    with pytest.raises(PortalError, match="select"):
        portal.create_set("Talent Team", "", products)


def test_a_member_takes_a_seat_of_each_product(portal: Portal) -> None:
    portal.assign("Both", ["ana"], [])
    assert portal.used() == {"Sales": 1, "Marketing": 1}
    portal.assign("Both", [], ["ana"])
    assert portal.used() == {"Sales": 0, "Marketing": 0}


def test_without_a_seat_nothing_is_half_done(portal: Portal) -> None:
    portal.assign("Both", ["ana"], [])
    with pytest.raises(NoSeatError, match="Marketing"):
        portal.assign("Both", ["bob"], ["ana"][:0])
    assert portal.members("Both") == {"ana"}
    assert portal.used() == {"Sales": 1, "Marketing": 1}


def test_nobody_is_in_two_sets(portal: Portal) -> None:
    portal.assign("Sales Team", ["ana"], [])
    with pytest.raises(OtherSetError):
        portal.assign("Both", ["ana"], [])


def test_a_group_of_another_name_grants_nothing(portal: Portal) -> None:
    portal.assign("sales team", ["ana"], [])
    assert portal.used() == {"Sales": 0, "Marketing": 0}
    assert portal.sets["Sales Team"].last_synced is None
    portal.assign("Sales Team", ["ana"], [])
    assert portal.sets["Sales Team"].last_synced == NOW
