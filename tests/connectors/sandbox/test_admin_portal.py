"""The vendor of the guide: tokens, the switch, sets, and seats that run out."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.sandbox.admin_portal import NoSeatError, OtherSetError, Portal, PortalError

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


def test_without_a_token_nobody_connects(portal: Portal) -> None:
    token = portal.generate_token("90d")
    portal.delete_token()
    assert not portal.accepts(token)
    assert not portal.accepts("")
    with pytest.raises(PortalError, match="API Token: refresh it first"):
        portal.create_set("Talent Team", "", ["Sales"])
    assert portal.accepts(portal.generate_token("1 year"))


@pytest.mark.parametrize("lifetime", ["", "2 years", "91d", "soon", "90 Days"])
def test_an_unknown_lifetime_is_an_error_of_the_portal(portal: Portal, lifetime: str) -> None:
    before = portal.generate_token("180 days")
    with pytest.raises(PortalError, match=r"API Token will expire in .*: choose 90 days, 180 days"):
        portal.generate_token(lifetime)
    assert portal.accepts(before)


TOO_LONG = "x" * 46


@pytest.mark.parametrize(
    ("name", "description", "products", "told"),
    [
        ("ab", "", ["Sales"], 'Subscription Set Name "ab": it has 2 characters'),
        ("x" * 36, "", ["Sales"], "it has 36 characters, and 3 to 35 are allowed"),
        ("Sales & Marketing", "", ["Sales"], 'Subscription Set Name .*: it has "&" at 7'),
        ("\u00c9quipe", "", ["Sales"], "latin capital letter e with acute"),
        ("Talent\u00a0Team", "", ["Sales"], "no-break space"),
        ("Sales Team", "", ["Sales"], 'Subscription Set Name "Sales Team": there is such a set'),
        ("Talent Team", TOO_LONG, ["Sales"], "^Description: 45 characters at most$"),
        ("Talent Team", "", [], 'Subscriptions of "Talent Team": select one or more products'),
        ("Talent Team", "", ["Sales", "Talent"], 'Subscriptions of "Talent Team": .* no Talent'),
    ],
)
def test_each_refusal_names_its_own_field(
    portal: Portal, name: str, description: str, products: list[str], told: str
) -> None:
    before = dict(portal.sets)
    with pytest.raises(PortalError, match=told):
        portal.create_set(name, description, products)
    assert portal.sets == before


def test_a_set_of_admins_alone_needs_no_product(portal: Portal) -> None:
    """As in a configuration."""
    portal.create_set("Root", "", [], admin=True)
    portal.assign("Root", ["ana"], [])
    assert portal.members("Root") == {"ana"}
    assert portal.used() == {"Sales": 0, "Marketing": 0}


def test_a_set_that_is_made_after_its_group_takes_up_the_members(portal: Portal) -> None:
    portal.assign("Both", ["cyd"], [])
    portal.in_group = lambda name: {"ana", "bob", "cyd", "dan"} if name == "Night Shift" else set()
    portal.create_set("Night Shift", "", ["Sales"])
    assert portal.members("Night Shift") == {"ana"}  # cyd has another set, for others is no seat
    assert portal.used() == {"Sales": 2, "Marketing": 1}


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


def test_who_is_deleted_frees_the_seat(portal: Portal) -> None:
    portal.assign("Both", ["ana"], [])
    portal.forget("ana")
    portal.forget("nobody")
    assert portal.used() == {"Sales": 0, "Marketing": 0}
