"""Where the vendor keeps no externalId, the store's link says whose an account is."""

from typing import Any

import pytest
from world import World, guid

from reconciler.links import with_links
from reconciler.model.snapshot import Target


def linked(world: World) -> dict[str, Any]:
    """Per account the object id that it carries after the links were looked at."""
    world.habits = {"shows_external_id": False, **world.habits}
    snapshot = world.snapshot()
    target: Target = with_links(
        world.settings().attribute_mapping,
        snapshot.directory,
        snapshot.target,
        snapshot.memory.links,
    )
    told = target.accounts["externalId"]
    return dict(
        zip(target.accounts["account"], told.astype(object).where(told.notna(), None), strict=True)
    )


def an_account_without_external_id(**attributes: Any) -> World:
    world = World()
    world.account("ana", "Sales Team", externalId=None, **attributes)
    world.links = {guid("ana"): "acc-ana"}
    return world


def test_a_linked_account_is_the_users() -> None:
    world = an_account_without_external_id()
    world.person("ana", "Sales Team")
    assert linked(world) == {"acc-ana": guid("ana")}


def test_whoever_left_is_known_as_well() -> None:
    assert linked(an_account_without_external_id()) == {"acc-ana": guid("ana")}


def test_so_is_a_user_who_was_renamed() -> None:
    world = an_account_without_external_id(userName="before@example.org")
    world.person("ana", "Sales Team")
    assert linked(world) == {"acc-ana": guid("ana")}


def test_an_account_that_has_somebody_elses_name_by_now_is_nobodys() -> None:
    world = an_account_without_external_id(userName="BOB@example.org")
    world.person("ana", "Sales Team")
    world.person("bob", "Sales Team")
    assert linked(world) == {"acc-ana": None}


def test_an_account_that_is_linked_to_two_is_neithers() -> None:
    world = an_account_without_external_id()
    world.links[guid("bob")] = "acc-ana"
    assert linked(world) == {"acc-ana": None}


def test_what_an_account_says_counts_more() -> None:
    world = an_account_without_external_id()
    world.accounts["acc-ana"]["externalId"] = guid("somebody")
    assert linked(world) == {"acc-ana": guid("somebody")}


@pytest.mark.parametrize("shown", [True, False])
def test_links_count_only_where_the_vendor_keeps_no_external_id(shown: bool) -> None:
    world = an_account_without_external_id()
    world.habits = {"shows_external_id": shown}
    assert (linked(world) == {"acc-ana": None}) is shown
