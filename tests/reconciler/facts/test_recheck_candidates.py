"""Nobody who would lose or gain something is forgotten, and hardly anybody else is asked for."""

import pytest
from hypothesis import given

from reconciler.facts.recheck_candidates import former_members, gaining_users, losing_users
from reconciler.model.plan import Kind
from support.worlds.random_worlds import worlds
from support.worlds.world import NEEDED_ROWS, World, guid


def asked(world: World) -> frozenset[str]:
    snapshot = world.snapshot()
    return frozenset(losing_users(world.settings(), snapshot.directory, snapshot.target))


@given(worlds())
def test_whoever_loses_something_in_a_plan_is_at_stake(world: World) -> None:
    """Sets that are not configured any more are taken whatever the directory says."""
    losing = {
        operation.subject.id
        for operation in world.plan().operations
        if operation.kind is Kind.DEACTIVATE_ACCOUNT or set(operation.lost) & world.sets.keys()
    }
    assert losing <= asked(world)


def test_owners_of_accounts_whom_no_group_named_are_former_members() -> None:
    """As the vendor writes their ids: only Entra can say whether they are any."""
    world = World()
    world.settled("ana", "Sales Team")
    world.account("bob", externalId=guid("bob").upper())
    world.account("cyd", externalId="no object id")
    world.account("dan", externalId=None)
    world.person("bob")
    world.people.pop(guid("bob"))
    snapshot = world.snapshot()
    found = former_members(snapshot.directory, snapshot.target)
    assert set(found) == {guid("bob").upper(), "no object id"}


def test_who_has_what_she_should_have_is_not_at_stake() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.person("joiner", "Sales Team")
    world.account("former", active=False)
    world.person("disabled", "Sales Team", accountEnabled=False)
    assert asked(world) == frozenset()


def test_who_only_has_an_active_account_is_at_stake() -> None:
    world = World()
    world.account("ana")
    assert asked(world) == {guid("ana")}


def test_an_account_that_does_not_say_whether_it_is_active_is_in_use() -> None:
    world = World()
    world.account("ana", active=None)
    assert asked(world) == {guid("ana")}


def test_the_sets_that_somebody_would_lose_are_told_and_none_of_who_has_but_an_account() -> None:
    world = World()
    world.account("ana", "Sales Team")
    world.account("bob")
    snapshot = world.snapshot()
    losing = losing_users(world.settings(), snapshot.directory, snapshot.target)
    assert losing == {guid("ana"): {"Sales Team"}, guid("bob"): frozenset()}


def test_who_is_known_and_in_no_group_is_at_stake() -> None:
    world = World()
    world.account("ana")
    world.person("ana")
    assert asked(world) == {guid("ana")}


@pytest.mark.parametrize("change", [{"accountEnabled": False}, {"presence": "deleted"}])
def test_who_is_disabled_or_deleted_and_has_an_account_in_use_is_at_stake(
    change: dict[str, object],
) -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.people[guid("ana")] |= change
    assert asked(world) == {guid("ana")}


def test_who_may_be_enabled_is_not_at_stake() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.people[guid("ana")]["accountEnabled"] = None
    assert asked(world) == frozenset()


def test_who_is_known_by_her_name_alone_is_at_stake() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]})
    world.person("ana", "Talent Team", mail=None)
    world.account("ana", "Sales Team", externalId=None, userName="ANA@example.org")
    assert asked(world) == {guid("ana")}


def test_an_account_is_hers_whose_name_the_mapping_makes() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]})
    world.person("ana", "Talent Team", mail="Ana.Maiden@example.org")
    world.account("ana", "Sales Team", externalId=None, userName="ana.maiden@example.org")
    assert asked(world) == frozenset()
    world.mapping = {"userName": "mail", **NEEDED_ROWS}
    assert asked(world) == {guid("ana")}


def test_who_falls_out_of_scope_and_has_an_account_in_use_is_at_stake() -> None:
    in_town = [{"clauses": [{"attribute": "city", "operator": "EQUALS", "value": "Ulm"}]}]
    world = World(filters_of={"Sales Team": in_town})
    for name, city in (("ana", "Ulm"), ("bob", "Bonn"), ("cyd", "")):
        world.settled(name, "Sales Team")
        world.people[guid(name)]["city"] = city
    world.person("joiner", "Sales Team", city="Bonn")
    assert asked(world) == {guid("bob"), guid("cyd")}


def test_of_two_of_one_name_either_may_be_at_stake() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]})
    world.person("ana", "Talent Team")
    world.person("bob", "Talent Team", userPrincipalName="Ana@example.org")
    world.account("ana", "Sales Team", externalId=None)
    assert asked(world) == {guid("ana"), guid("bob")}


def test_a_set_that_was_not_read_puts_nobody_at_stake() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]})
    world.reads["Sales Team"] = {"complete": False}
    world.person("ana", "Talent Team")
    world.account("ana", "Sales Team")
    assert asked(world) == frozenset()


def seeking(world: World) -> frozenset[str]:
    snapshot = world.snapshot()
    return gaining_users(snapshot.directory, snapshot.target)


@given(worlds())
def test_whoever_gains_something_in_a_plan_is_in_line(world: World) -> None:
    gaining = {
        operation.subject.id
        for operation in world.plan().operations
        if operation.gained or operation.after.active
    }
    assert gaining <= seeking(world)


def test_who_joined_who_moves_and_who_is_inactive_is_in_line() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]})
    world.settled("ana", "Sales Team")
    world.person("joiner", "Sales Team")
    world.person("mover", "Talent Team")
    world.account("mover", "Sales Team")
    world.person("back", "Sales Team")
    world.account("back", "Sales Team", active=False)
    assert seeking(world) == {guid("joiner"), guid("mover"), guid("back")}


def test_who_holds_the_set_is_not_in_line_though_the_account_does_not_say_it_is_active() -> None:
    world = World()
    world.settled("ana", "Sales Team")
    world.accounts["acc-ana"]["active"] = None
    assert seeking(world) == frozenset()


def test_a_set_that_was_not_read_puts_nobody_in_line() -> None:
    world = World()
    world.reads["Sales Team"] = {"complete": False}
    world.person("joiner", "Sales Team")
    assert seeking(world) == frozenset()


def test_only_people_are_in_line() -> None:
    world = World()
    world.members.append(("Sales Team", guid("printer"), "device"))
    assert seeking(world) == frozenset()
