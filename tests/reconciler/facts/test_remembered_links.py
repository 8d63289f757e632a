"""Where the vendor keeps no externalId, the store's link says whose an account is."""

from typing import Any

import pytest

from reconciler.columns import frames
from reconciler.facts.remembered_links import with_granted, with_links
from reconciler.model.snapshot import Target
from support.worlds.world import World, codes, guid


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


def held(world: World, *granted: tuple[str, str]) -> list[tuple[str, str]]:
    snapshot = world.snapshot()
    rows = ({"id": guid(name), "set": set_name} for name, set_name in granted)
    links = snapshot.memory.links
    target = with_granted(snapshot.target, frames.frame(frames.GRANTED, rows), links)
    return sorted(zip(target.holdings["set"], target.holdings["account"], strict=True))


def test_who_was_put_into_a_set_that_is_not_shown_holds_it() -> None:
    world = World(habits={"hiding_members": frozenset({"Sales Team"})})
    world.account("ana", "Sales Team")
    world.account("bob")
    granted = [("ana", "Sales Team"), ("bob", "Sales Team"), ("nobody", "Sales Team")]
    assert held(world, *granted) == [("Sales Team", "acc-ana"), ("Sales Team", "acc-bob")]


def test_of_a_set_that_is_shown_only_what_is_shown_counts() -> None:
    world = World()
    world.account("bob")
    assert held(world, ("bob", "Sales Team")) == []


def test_v7_whoever_left_a_set_that_is_not_shown_loses_it() -> None:
    world = World(habits={"hiding_members": frozenset({"Sales Team"})})
    world.account("ana", "Sales Team")
    world.person("ana")
    plan = world.plan()
    assert [operation.kind for operation in plan.operations] == ["revoke", "deactivate_account"]
    assert "V7" in codes(plan)
