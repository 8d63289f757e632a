"""Between plan and apply somebody left a group, or came back into one (P4)."""

from dataclasses import replace

import msgspec
import pytest
from world import World, guid

from reconciler.applying.source_drift import source_drift
from reconciler.model.snapshot import Directory

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"]}


def world_of(*memberships: str, **ana: object) -> World:
    """Ana, who has an account in the Sales Team, is in these groups."""
    world = World(sets=TEAMS, seats={"Sales": 5, "Marketing": 5})
    world.account("ana", "Sales Team")
    world.person("ana", *memberships, **ana)
    return world


def seen(world: World, *, unproven: str = "", unfound: str = "") -> Directory:
    """The groups as they are read again."""
    directory = world.snapshot().directory
    return replace(
        directory,
        reads=tuple(
            replace(
                read,
                complete=read.set != unproven,
                exact=() if read.set == unfound else read.exact,
            )
            for read in directory.reads
        ),
    )


MOVE, REVOKE = world_of("Marketing Team").plan(), world_of().plan()


def test_groups_that_still_carry_the_plan_are_no_drift() -> None:
    assert source_drift(MOVE, seen(world_of("Marketing Team"))) == {}
    assert source_drift(REVOKE, seen(world_of())) == {}


def test_p4_a_grant_needs_its_user_in_the_group() -> None:
    assert source_drift(MOVE, seen(world_of())) == {guid("ana"): 'left "Marketing Team"'}


@pytest.mark.parametrize("how", ["unproven", "unfound"])
def test_p4_nobody_has_left_a_group_that_was_not_read_to_its_end(how: str) -> None:
    (why,) = source_drift(MOVE, seen(world_of(), **{how: "Marketing Team"})).values()
    assert why == 'may have left or joined "Marketing Team", which was not read to its end,'


def test_p4_whoever_came_back_loses_nothing() -> None:
    back = {guid("ana"): 'came back into "Sales Team"'}
    assert source_drift(REVOKE, seen(world_of("Sales Team"))) == back
    assert source_drift(MOVE, seen(world_of("Sales Team", "Marketing Team"))) == back


def test_a_member_who_is_disabled_loses_the_seat_all_the_same() -> None:
    assert source_drift(REVOKE, seen(world_of("Sales Team", accountEnabled=False))) == {}
    unknown = seen(world_of("Sales Team", accountEnabled=None))
    assert source_drift(REVOKE, unknown) == {guid("ana"): 'came back into "Sales Team"'}


@pytest.mark.parametrize("how", ["unproven", "unfound"])
def test_p4_a_revoke_needs_the_whole_group(how: str) -> None:
    (why,) = source_drift(REVOKE, seen(world_of(), **{how: "Sales Team"})).values()
    assert why == 'may have left or joined "Sales Team", which was not read to its end,'


def test_who_is_in_the_other_group_says_nothing() -> None:
    world = world_of()
    world.person("bob", "Marketing Team")
    assert source_drift(REVOKE, seen(world)) == {}


def test_p4_an_undo_gives_nothing_back_to_whoever_is_gone_or_disabled() -> None:
    undo = msgspec.structs.replace(MOVE, undoes="4711")
    assert source_drift(undo, seen(world_of())) == {}
    enabled = ({"accountEnabled": False}, {"accountEnabled": None})
    for ana in (*enabled, {"presence": "deleted"}, {"presence": "gone"}):
        assert list(source_drift(undo, seen(world_of(**ana)))) == [guid("ana")]
