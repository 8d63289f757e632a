"""Between plan and apply Entra ID changed: what the plan had for the user is dropped (P4)."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from reconciler.applying.entra_drift import source_drift
from reconciler.model.group_read import Group
from reconciler.model.known_sets import KnownSet
from reconciler.model.plan import Plan
from reconciler.model.snapshot import PlanContext
from reconciler.reconcile import evaluation_of
from reconciler.undo.obstacle import left_as_is
from support.worlds.world import NOW, World, guid

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Talent Team": ["Talent"]}
UNREAD: dict[str, Any] = {"complete": False, "because": "a page is missing"}
OTHERS: dict[str, Any] = {"exact": (Group("another", "Sales Team"),)}


def world_of(*memberships: str, held: tuple[str, ...] = ("Sales Team",), **ana: object) -> World:
    """Ana, whose account holds these sets, is in these groups; Zoe has what they should have."""
    world = World(sets=TEAMS, seats=dict.fromkeys(("Sales", "Marketing", "Talent"), 5))
    world.account("ana", *held)
    world.person("ana", *memberships, **ana)
    world.settled("zoe", "Talent Team")
    return world


def new(*memberships: str, **ana: object) -> World:
    """Ana has no account yet."""
    world = world_of(*memberships, held=(), **ana)
    del world.accounts["acc-ana"]
    return world


def drift(plan: Plan, world: World) -> dict[str, str]:
    """Of a plan, in the world as it is now."""
    plan_context = PlanContext(plan.id, NOW, "0.1.0", plan.grants_only)
    return source_drift(plan, evaluation_of(world.settings(), world.snapshot(), plan_context))


def why(plan: Plan, world: World) -> str:
    """What is dropped is Ana's alone."""
    found = drift(plan, world)
    assert found.keys() <= {guid("ana")}
    return found.get(guid("ana"), "")


MOVE, REVOKE = world_of("Marketing Team").plan(), world_of().plan()
CREATE = new("Sales Team").plan()
DEACTIVATE = world_of(held=()).plan()
RENAME = world_of("Sales Team", surname="Married").plan()
SLEEPING = world_of("Sales Team")
SLEEPING.accounts["acc-ana"]["active"] = False
WAKE = SLEEPING.plan()


def test_a_deactivation_of_whom_somebody_put_into_another_group_of_the_vendor_is_dropped() -> None:
    assert why(DEACTIVATE, world_of(held=("Everyone",))) == (
        "the account is in another group of the vendor now"
    )
    assert why(MOVE, world_of("Marketing Team", held=("Sales Team", "Everyone"))) == ""


def test_what_is_still_so_is_no_drift() -> None:
    assert why(MOVE, world_of("Marketing Team")) == ""
    assert why(REVOKE, world_of()) == ""
    assert why(CREATE, new("Sales Team")) == ""
    assert why(DEACTIVATE, world_of(held=())) == ""
    assert why(RENAME, world_of("Sales Team", surname="Married")) == ""
    assert why(WAKE, SLEEPING) == ""


@pytest.mark.parametrize(
    ("ana", "said"),
    [
        ({"accountEnabled": False}, "the user is disabled in Entra ID"),
        ({"presence": "deleted"}, "the user was deleted in Entra ID"),
        ({"presence": "gone"}, "the user no longer exists in Entra ID"),
        ({"presence": "uncertain"}, left_as_is("U16")),
        ({"accountEnabled": None}, left_as_is("R4")),
        ({"userType": "Guest"}, left_as_is("U13")),
        ({"mail": None}, left_as_is("U4")),
    ],
)
def test_p4_nothing_is_given_to_whoever_may_not_have_it_any_more(
    ana: dict[str, Any], said: str
) -> None:
    assert why(CREATE, new("Sales Team", **ana)) == said
    assert why(MOVE, world_of("Marketing Team", **ana)) == said
    assert why(RENAME, world_of("Sales Team", **ana)) == said
    asleep = world_of("Sales Team", **ana)
    asleep.accounts["acc-ana"]["active"] = False
    assert why(WAKE, asleep) == said


def test_p4_nothing_is_given_to_whoever_left_or_is_in_another_group() -> None:
    assert why(CREATE, new()) == "the user is in no group any more"
    assert why(CREATE, new("Marketing Team")) == 'the user is in "Marketing Team" now'
    assert why(MOVE, world_of("Talent Team")) == 'the user is in "Talent Team" now'


def test_p4_nothing_is_given_to_whoever_is_out_of_scope() -> None:
    now = new("Sales Team", city="Bonn")
    now.filters = [{"clauses": [{"attribute": "city", "operator": "EQUALS", "value": "Ulm"}]}]
    assert why(CREATE, now) == "the user is out of scope now"


def test_p4_nothing_is_given_to_whoever_is_in_a_second_group() -> None:
    several = left_as_is("U1")
    assert why(CREATE, new("Sales Team", "Talent Team")) == several
    assert why(MOVE, world_of("Marketing Team", "Talent Team")) == several
    assert why(RENAME, world_of("Sales Team", "Talent Team", surname="Married")) == several


def test_p4_a_name_that_changed_once_more_is_not_written() -> None:
    again = world_of("Sales Team", surname="Divorced")
    assert why(RENAME, again) == "name.familyName changed in Entra ID"
    renamed = new("Sales Team", userPrincipalName="ann@example.org")
    assert why(CREATE, renamed) == "userName changed in Entra ID"


@pytest.mark.parametrize("group", sorted(TEAMS))
def test_p4_whoever_came_back_into_any_group_loses_nothing(group: str) -> None:
    back = f'the user came back into "{group}"'
    assert why(REVOKE, world_of(group)) == back
    assert why(DEACTIVATE, world_of(group, held=())) == back


def test_p4_whoever_came_back_into_the_group_of_before_does_not_move() -> None:
    assert why(MOVE, world_of("Sales Team")) == 'the user came back into "Sales Team"'


def test_who_is_entitled_to_nothing_for_another_reason_loses_it_all_the_same() -> None:
    for ana in ({"accountEnabled": False}, {"presence": "deleted"}, {"presence": "gone"}):
        assert why(REVOKE, world_of(**ana)) == ""
        assert why(DEACTIVATE, world_of("Sales Team", held=(), **ana)) == ""


@pytest.mark.parametrize("group", sorted(TEAMS))
def test_p4_nobody_has_left_for_good_while_a_group_is_not_read_to_its_end(group: str) -> None:
    for plan, held in ((REVOKE, ("Sales Team",)), (DEACTIVATE, ())):
        world = world_of(held=held)
        world.reads = {group: UNREAD}
        assert why(plan, world) == left_as_is("R2")


def test_p4_another_group_of_the_sets_name_takes_nothing_and_gives_nothing() -> None:
    for plan, world in ((REVOKE, world_of()), (CREATE, new("Sales Team"))):
        world.memory["sets"] = {"Sales Team": KnownSet(("Sales",), group_id=guid("Sales Team"))}
        assert why(plan, world) == ""
        world.reads = {"Sales Team": OTHERS}
        assert why(plan, world) == left_as_is("G7")


def test_a_set_that_is_not_configured_any_more_has_no_group_to_be_read() -> None:
    world = world_of(held=("Old Team",))
    world.memory["sets"] = {"Old Team": KnownSet(("Sales",))}
    plan = world.plan()
    assert [o.lost for o in plan.operations if o.lost] == [("Old Team",)]
    assert why(plan, world) == ""
    world.person("ana", "Talent Team")
    assert why(plan, world) == 'the user came back into "Talent Team"'


def test_p4_an_account_that_was_linked_to_somebody_else_is_theirs() -> None:
    for plan, world in ((REVOKE, world_of()), (DEACTIVATE, world_of(held=()))):
        world.accounts["acc-ana"]["externalId"] = guid("bob")
        assert why(plan, world) == "the account is not the user's any more"


def test_a_set_that_is_extra_is_taken_while_the_other_one_is_wanted() -> None:
    both = ("Sales Team", "Talent Team")
    plan = world_of("Sales Team", held=both).plan()
    assert [o.reason for o in plan.operations] == ["A14"]
    assert why(plan, world_of("Sales Team", held=both)) == ""
    back = 'the user came back into "Talent Team"'
    assert why(plan, world_of("Talent Team", held=both)) == back


def test_who_is_in_the_other_group_says_nothing() -> None:
    world = world_of()
    world.person("bob", "Marketing Team")
    assert why(REVOKE, world) == ""


def test_p4_of_whom_nothing_was_read_nothing_is_done() -> None:
    world = world_of()
    del world.people[guid("ana")]
    assert why(REVOKE, world) == "nothing could be read of the user"


def test_p4_the_last_admin_stays_if_the_other_one_is_gone_now() -> None:
    world = replace(world_of(), admins=("Sales Team",))
    world.settled("eve", "Sales Team")
    plan = world.plan()
    assert why(plan, world) == ""
    world.accounts["acc-eve"]["active"] = False
    assert why(plan, world) == left_as_is("A15")


UNDO = msgspec.structs.replace(MOVE, undoes="4711")


def test_an_undo_asks_no_group() -> None:
    assert why(UNDO, world_of()) == ""
    assert why(UNDO, world_of("Sales Team")) == ""


def test_p4_an_undo_gives_nothing_back_to_whoever_is_not_told_to_be_enabled() -> None:
    assert "R4" in why(UNDO, world_of(accountEnabled=None))


@pytest.mark.parametrize(
    "ana", [{"accountEnabled": False}, {"presence": "deleted"}, {"presence": "gone"}]
)
def test_p4_an_undo_gives_nothing_back_to_whoever_is_gone_or_disabled(ana: Any) -> None:
    assert "Entra ID" in why(UNDO, world_of(**ana))
    taking = msgspec.structs.replace(REVOKE, undoes="4711")
    assert why(taking, world_of(**ana)) == ""


def test_p4_an_undo_touches_no_set_that_is_frozen_now() -> None:
    world = world_of()
    world.reads = {"Marketing Team": UNREAD}
    assert "R2" in why(UNDO, world)
