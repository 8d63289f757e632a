"""Vendors that say who is active in their own way: nobody is mistaken for somebody's deed."""

import pytest

from support.worlds.world import World, codes, guid, kinds, messages


def hidden(last: str, *sets: str) -> World:
    """A vendor that shows `active` of nobody; this was last done to ana's account."""
    world = World()
    world.account("zoe", "Sales Team", active=None)
    world.person("zoe", "Sales Team")
    world.account("ana", active=None)
    world.person("ana", *sets)
    world.activations[guid("ana")] = last
    return world


def test_v14_where_nothing_is_shown_what_was_done_last_counts() -> None:
    plan = hidden("deactivated").plan()
    assert kinds(plan) == []
    (told,) = messages(plan, "V14")
    assert "1 account of 2 deactivated" in told
    assert kinds(hidden("reactivated").plan()) == [("deactivate_account", "ana")]


def test_who_comes_back_is_reactivated_though_nothing_is_shown() -> None:
    plan = hidden("deactivated", "Sales Team").plan()
    assert kinds(plan) == [("reactivate_account", "ana"), ("grant", "ana")]


def test_v15_an_account_that_is_inactive_after_our_change_was_deactivated_by_no_stranger() -> None:
    world = World()
    world.account("ana", "Sales Team", active=False)
    world.person("ana", "Sales Team")
    assert "A13" in codes(world.plan())
    world.was_done("ana", ("Sales Team",), ())
    plan = world.plan()
    assert kinds(plan) == [("reactivate_account", "ana")]
    assert {"V15", "A13"} & codes(plan) == {"V15"}


@pytest.mark.parametrize("invites", [False, True])
def test_v16_an_invitation_that_is_not_accepted_is_no_deactivation(invites: bool) -> None:
    world = World(invites=invites)
    world.account("ana", active=False)
    world.person("ana", "Sales Team")
    world.activations[guid("ana")] = "created"
    plan = world.plan()
    assert ("V16" in codes(plan)) is invites
    assert kinds(plan)[-1] == ("grant", "ana")
    assert ("reactivate_account", "ana") in kinds(plan) or invites


def test_an_account_that_is_gone_after_we_deactivated_it_was_deleted_by_nobody_else() -> None:
    world = World()
    world.settled("zoe", "Sales Team")
    world.person("ana", "Sales Team")
    world.links[guid("ana")] = "acc-ana"
    assert "A12" in codes(world.plan())
    world.activations[guid("ana")] = "deactivated"
    plan = world.plan()
    assert kinds(plan) == [("create_account", "ana"), ("grant", "ana")]
    assert "A12" not in codes(plan)


def test_a_seat_is_granted_though_the_account_cannot_be_reactivated_first() -> None:
    """At some vendors only the set makes it active again."""
    world = World()
    world.account("ana", active=False)
    world.person("ana", "Sales Team")
    reactivation, grant = world.plan().operations
    assert grant.needs == ()
    assert reactivation.index < grant.index
