"""Each of the five steps says what was found, and where."""

from collections.abc import Callable

import pytest

from reconciler.planning.user_explanation import (
    UserExplanation,
    explain_user,
    names_near,
    users_called,
)
from support.worlds.world import World, guid


def explained(world: World, name: str) -> UserExplanation:
    evaluation = world.evaluation()
    (person,) = users_called(evaluation, guid(name)).tolist()
    return explain_user(evaluation, person)


def said(world: World, name: str) -> dict[str, str]:
    return {step.step: step.found for step in explained(world, name).steps}


def with_ana(**attributes: object) -> World:
    world = World()
    world.person("ana", "Sales Team", **attributes)
    return world


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({}, "The user is enabled."),
        ({"accountEnabled": False}, "The user is disabled in Entra ID."),
        ({"accountEnabled": None}, "Entra ID does not show whether the user is enabled."),
        ({"presence": "deleted"}, "The user is deleted in Entra ID, and can be restored."),
        ({"presence": "uncertain"}, "Entra ID contradicts itself about the user"),
    ],
)
def test_read(attributes: dict[str, object], found: str) -> None:
    assert said(with_ana(**attributes), "ana")["read"].startswith(found)


def test_in_scope_names_the_groups_and_how_they_were_read() -> None:
    world = with_ana()
    step = explained(world, "ana").steps[1]
    assert step.found == 'In the group of "Sales Team".'
    assert step.evidence.startswith('"Sales Team": group ')
    world.reads["Sales Team"] = {"complete": False, "because": "a page was lost"}
    assert 'Not read to the end: "Sales Team" (a page was lost)' in said(world, "ana")["in scope"]


def test_in_scope_names_the_clause_that_does_not_hold() -> None:
    world = with_ana(city="Bonn")
    world.filters = [{"clauses": [{"attribute": "city", "operator": "EQUALS", "value": "Ulm"}]}]
    assert said(world, "ana")["in scope"] == (
        'In the group of "Sales Team". Out of scope all the same: not met is city EQUALS "Ulm".'
    )


def no_account(world: World) -> None:
    """There is none."""


def linked(world: World) -> None:
    world.account("ana", "Sales Team")


def same_names(world: World) -> None:
    world.account("ana", "Sales Team", externalId=None)


@pytest.mark.parametrize(
    ("account", "found"),
    [
        (no_account, "The vendor shows no account of theirs."),
        (linked, "An account is linked by its externalId."),
        (same_names, "An account has the same user name and mail address."),
    ],
)
def test_matched(account: Callable[[World], None], found: str) -> None:
    world = with_ana()
    account(world)
    assert said(world, "ana")["matched"] == found


def test_seat_tells_the_place_in_the_queue_and_what_is_in_the_way() -> None:
    world = World(seats={"Sales": 1})
    world.settled("eva", "Sales Team")
    world.person("ana", "Sales Team")
    found = explained(world, "ana")
    assert found.steps[3].found == (
        'Holds no set. Waits for "Sales Team": place 1 of 1; Sales not free.'
    )
    assert found.steps[3].evidence == "Sales: 1 of 1 in use after the plan"
    assert found.waiting
    assert [one.code for one in found.findings] == ["S2"]


def test_action_is_what_a_plan_would_do() -> None:
    world = with_ana()
    assert said(world, "ana")["action"] == "A plan made now has 2 operations for this user."
    world.account("ana", "Sales Team")
    assert said(world, "ana")["action"] == "A plan made now would change nothing."


@pytest.mark.parametrize("text", ["ana@example.org", " ANA@example.org ", "acc-ana"])
def test_a_user_is_found_by_any_of_their_names(text: str) -> None:
    world = with_ana()
    world.account("ana", "Sales Team")
    evaluation = world.evaluation()
    assert users_called(evaluation, text).tolist() == [0]
    assert users_called(evaluation, "").tolist() == []


@pytest.mark.parametrize("text", ["anna@example.org", "ana", " Ana@"])
def test_near_names_are_offered(text: str) -> None:
    assert names_near(text, ["bob@example.org", "ana@example.org"]) == ["ana@example.org"]


def test_nothing_is_near_to_nothing() -> None:
    assert names_near(" ", ["ana@example.org"]) == []


def test_a_user_is_found_by_the_user_name_of_their_account() -> None:
    world = with_ana()
    world.account("ana", "Sales Team", userName="ana.old@example.org")
    assert users_called(world.evaluation(), "ana.old@example.org").tolist() == [0]


def test_who_is_in_no_group_should_hold_nothing() -> None:
    world = World()
    world.account("ana", "Sales Team")
    world.person("ana")
    assert said(world, "ana")["seat"] == 'Holds "Sales Team".'


def test_only_the_products_of_the_set_are_counted() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 9, "Talent": 9}
    )
    world.person("ana", "Talent Team")
    assert explained(world, "ana").steps[3].evidence == "Talent: 1 of 9 in use after the plan"
