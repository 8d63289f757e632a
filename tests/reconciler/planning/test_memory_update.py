"""What a plan leaves for the next one to know."""

from typing import Any

import pytest

from reconciler.model.known_sets import KnownSeats, KnownSet
from support.worlds.world import NOW, World, guid


def test_tenant_vendor_sets_and_links_are_remembered() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.links.clear()
    known = world.knowledge()
    assert (known.tenant_id, known.vendor) == (guid("tenant"), "https://vendor.example/scim/v2")
    assert known.sets == {
        "Sales Team": KnownSet(
            ("Sales",), group_id=guid("Sales Team"), vendor_groups=("grp-Sales Team",)
        )
    }
    assert known.links == {guid("ana"): "acc-ana"}


def test_a_link_is_remembered_where_one_account_alone_is_a_users_who_is_concerned() -> None:
    world = World(seats={"Sales": 9})
    world.settled("ana", "Sales Team")
    world.person("bob", "Sales Team")
    for account in ("first", "second"):
        world.account(account, "Sales Team", externalId=guid("bob"))
    world.account("stranger", "Sales Team", externalId=guid("somebody that nobody read"))
    world.account("elsewhere")
    world.person("elsewhere")  # in no set, and holds none
    world.account("leaver", "Sales Team")
    world.person("leaver")
    world.links.clear()
    assert world.knowledge().links == {
        guid("ana"): "acc-ana",
        guid("leaver"): "acc-leaver",
    }


def test_the_vendor_s_own_count_is_remembered_with_its_day() -> None:
    world = World(seats={"Sales": 4}, vendor_used={"Sales": 3}, counted_on=NOW.date())
    world.settled("ana", "Sales Team")
    assert world.knowledge().seats == {"Sales": KnownSeats(4, 3, NOW.date(), unseen=2)}


@pytest.mark.parametrize(
    ("read", "pin", "remembered"),
    [
        ({"complete": False, "because": "a page is missing"}, None, None),
        ({"complete": False, "because": "a page is missing"}, "pinned", "pinned"),
        ({}, None, "Sales Team"),
    ],
)
def test_only_a_group_that_was_read_to_its_end_is_remembered(
    read: dict[str, Any], pin: str | None, remembered: str | None
) -> None:
    world = World(reads={"Sales Team": read}, pins={"Sales Team": guid(pin)} if pin else {})
    assert world.knowledge().sets["Sales Team"].group_id == (remembered and guid(remembered))


def test_the_group_of_a_set_is_remembered_until_it_is_pinned() -> None:
    """G7: another group of the same name does not take its place."""
    world = World(memory={"sets": {"Sales Team": KnownSet(("Sales",), group_id=guid("old"))}})
    assert world.knowledge().sets["Sales Team"].group_id == guid("old")
    world.pins = {"Sales Team": guid("Sales Team")}
    assert world.knowledge().sets["Sales Team"].group_id == guid("Sales Team")


def test_the_vendors_groups_of_a_set_are_remembered_while_they_are_not_shown() -> None:
    world = World(groups={"Sales Team": ("g1", "g2")})
    world.keep(world.plan())
    world.groups = {}
    assert world.knowledge().sets["Sales Team"].vendor_groups == ("g1", "g2")
    world.groups = {"Sales Team": ("g3",)}
    assert world.knowledge().sets["Sales Team"].vendor_groups == ("g3",)


def test_a_set_that_is_not_configured_is_remembered_while_somebody_holds_it() -> None:
    world = World(memory={"sets": {"Old": KnownSet(("Sales",)), "Older": KnownSet(("Sales",))}})
    world.account("ana", "Old")
    assert world.knowledge().sets.keys() == {"Sales Team", "Old"}
