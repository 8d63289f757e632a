"""Situations of groups and sets: whatever is wrong with a set, nobody in it is changed."""

import pytest
from world import World, codes, guid, kinds, messages

from reconciler.model.snapshot import Group


def a_set_in_trouble(**reads: object) -> World:
    """ana holds a seat that she would lose, and bob wants one, were the set not frozen."""
    world = World(reads={"Sales Team": reads})
    world.account("ana", "Sales Team")
    world.person("ana")
    world.person("bob", "Sales Team")
    return world


FROZEN = {
    "R2": {"complete": False, "because": "page 3 of ? is missing"},
    "G1": {"exact": ()},
    "G2": {"exact": (), "near": (Group("1", "Sales-Team"),)},
    "G3": {"exact": (Group("1", "Sales Team"), Group("2", "Sales Team"))},
}


@pytest.mark.parametrize("code", FROZEN)
def test_a_set_whose_group_was_not_read_is_frozen(code: str) -> None:
    plan = a_set_in_trouble(**FROZEN[code]).plan()

    assert plan.operations == ()
    assert code in codes(plan)
    assert plan.seats[0].used_after == plan.seats[0].used_before == 1


def test_a_near_miss_names_the_character_and_the_group() -> None:
    plan = a_set_in_trouble(**FROZEN["G2"]).plan()
    assert messages(plan, "G2") == [
        'Set "Sales Team" is not group "Sales-Team": they differ at character 6, '
        '"-" there and " " here. Nobody in the set was changed.'
    ]


def test_groups_that_only_begin_alike_are_no_near_miss() -> None:
    plan = a_set_in_trouble(exact=(), near=(Group("1", "Sales Engineering"),)).plan()
    assert codes(plan) == {"G1"}


def test_a_pin_chooses_among_groups_of_one_name() -> None:
    world = a_set_in_trouble(**FROZEN["G3"], pinned=Group(guid("pin"), "Sales Team"))
    world.pins = {"Sales Team": guid("pin")}
    assert "G3" not in codes(world.plan())
    assert ("revoke", "ana") in kinds(world.plan())


def test_a_pinned_group_that_was_renamed_freezes_the_set() -> None:
    world = a_set_in_trouble(exact=(), pinned=Group(guid("pin"), "Sales"))
    world.pins = {"Sales Team": guid("pin")}
    assert codes(world.plan()) == {"G6"}
    assert world.plan().operations == ()


def test_another_group_of_the_pinned_ones_name_is_not_followed() -> None:
    world = a_set_in_trouble()
    world.pins = {"Sales Team": guid("gone")}
    assert codes(world.plan()) == {"G7"}
    assert world.plan().operations == ()


def test_confusable_names_warn_and_the_exact_one_is_used() -> None:
    world = World(sets={"NA Sales": ["Sales"], "NA-Sales": ["Sales"]})
    world.person("ana", "NA Sales")
    plan = world.plan()
    assert codes(plan) == {"G4"}
    assert ("grant", "ana") in kinds(plan)


@pytest.mark.parametrize("name", ["Sales\tTeam", "Sales Team ", "Sales\u00a0Team"])
def test_a_name_that_the_guide_admits_but_nobody_can_type_is_frozen(name: str) -> None:
    world = World(sets={name: ["Sales"]})
    world.person("ana", name)
    assert codes(world.plan()) == {"G5"}
    assert world.plan().operations == ()


def test_a_product_that_was_not_bought_freezes_its_sets_only() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 10})
    world.person("ana", "Sales Team")
    world.person("bob", "Talent Team")
    plan = world.plan()
    assert codes(plan) == {"G11"}
    assert kinds(plan) == [("create_account", "ana"), ("grant", "ana")]


def test_a_set_that_grants_nothing_is_frozen_unless_it_makes_admins() -> None:
    world = World(sets={"Portal": [], "Sales Team": ["Sales"]})
    world.person("ana", "Portal")
    assert codes(world.plan()) == {"G10"}
    world.admins = ("Portal",)
    assert codes(world.plan()) == set()
    assert ("grant", "ana") in kinds(world.plan())


def test_a_group_that_the_vendor_lacks_is_created_before_its_first_member() -> None:
    world = World(groups={})
    world.person("ana", "Sales Team")
    plan = world.plan()
    assert [kind for kind, _ in kinds(plan)] == ["create_set_group", "create_account", "grant"]
    assert plan.operations[2].needs == (0, 1)


def test_two_vendor_groups_of_one_name_freeze_the_set() -> None:
    world = World(groups={"Sales Team": ("g1", "g2")})
    world.person("ana", "Sales Team")
    assert codes(world.plan()) == {"G12"}
    assert world.plan().operations == ()


def test_a_frozen_set_leaves_the_others_alone() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        reads={"Sales Team": FROZEN["R2"]},
    )
    world.account("ana", "Sales Team")
    world.person("ana", "Night Shift")  # a move out of a set that was not read
    world.person("bob", "Night Shift")
    assert kinds(world.plan()) == [("create_account", "bob"), ("grant", "bob")]


def test_who_left_another_set_may_be_in_the_one_that_was_not_read() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        reads={"Sales Team": FROZEN["R2"]},
    )
    world.account("ana", "Night Shift")
    world.person("ana")  # she moved into Sales Team, but its page is missing
    world.account("bob", "Night Shift")
    world.person("bob", accountEnabled=False)  # this is known without any group
    assert kinds(world.plan()) == [("revoke", "bob"), ("deactivate_account", "bob")]


def test_a_group_that_does_not_exist_hides_nobody() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        reads={"Sales Team": FROZEN["G1"]},
    )
    world.account("ana", "Night Shift")
    world.person("ana")
    assert ("revoke", "ana") in kinds(world.plan())
