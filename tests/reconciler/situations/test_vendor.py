"""What a vendor says it has and does not show, or shows otherwise: nothing is made twice for it."""

import pytest

from support.worlds.world import World, codes, guid, kinds, messages

WITHOUT_GROUP = {"groups": {}}


def ana_wants_an_account() -> World:
    world = World()
    world.person("ana", "Sales Team")
    return world


def test_v1_members_that_are_no_accounts_are_counted_and_told() -> None:
    world = World(habits={"unknown_members": {"Sales Team": 3}})
    world.settled("ana", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert "3 members are no accounts" in messages(plan, "V1")[0]


def test_v2_a_group_that_the_vendor_called_otherwise_is_told_and_not_made_again() -> None:
    world = World(habits={"vendor_names": {"Sales Team": "sales-team"}})
    world.settled("ana", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert '"sales-team"' in messages(plan, "V2")[0]


def test_v3_an_account_that_was_accepted_and_is_not_visible_is_waited_for() -> None:
    world = ana_wants_an_account()
    world.links[guid("ana")] = "acc-ana"
    world.habits = {"pending": frozenset({"acc-ana"})}
    plan = world.plan()
    assert plan.operations == ()
    assert "accepted ana@example.org within the last day" in messages(plan, "V3")[0]


def test_v3_an_account_that_is_visible_by_now_is_the_users() -> None:
    world = World(habits={"pending": frozenset({"acc-other"})})
    world.account("ana")
    world.person("ana", "Sales Team")
    assert [operation.kind for operation in world.plan().operations] == ["grant"]


def test_v4_an_account_that_the_vendor_has_and_does_not_show_is_not_made_again() -> None:
    world = ana_wants_an_account()
    world.habits = {"hidden": frozenset({guid("ana")})}
    plan = world.plan()
    assert plan.operations == ()
    assert "refuses to create ana@example.org" in messages(plan, "V4")[0]


def test_v4_an_account_that_is_shown_by_now_is_the_users() -> None:
    world = World(habits={"hidden": frozenset({guid("ana")})})
    world.account("ana")
    world.person("ana", "Sales Team")
    assert [operation.kind for operation in world.plan().operations] == ["grant"]


@pytest.mark.parametrize(("code", "said"), [("V3", "pending"), ("V4", "hidden")])
def test_v3_v4_a_group_that_is_not_shown_is_not_made_again(code: str, said: str) -> None:
    world = ana_wants_an_account()
    world.groups, world.habits = {}, {said: frozenset({"Sales Team"})}
    plan = world.plan()
    assert plan.operations == ()
    assert [found.subject.id for found in plan.findings if found.code == code] == ["Sales Team"]


@pytest.mark.parametrize("said", ["pending", "hidden"])
def test_v3_v4_a_group_that_is_shown_by_now_is_the_sets(said: str) -> None:
    world = ana_wants_an_account()
    world.habits = {said: frozenset({"Sales Team"})}
    assert [operation.kind for operation in world.plan().operations] == ["create_account", "grant"]


def test_v5_what_losing_the_store_would_cost_is_told_beforehand() -> None:
    world = World(habits={"shows_external_id": False})
    world.settled("ana", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert "only this program's store says" in messages(plan, "V5")[0]
    world.habits = {}
    assert "V5" not in codes(world.plan())


@pytest.mark.parametrize("value", ["Contractor", "sales team", " Sales Team"])
def test_v19_what_somebody_else_wrote_in_the_attribute_is_named_and_no_seat_is_kept(
    value: str,
) -> None:
    """The only free seat goes to whoever can be given it."""
    world = World(seats={"Sales": 1}, vendor={"membership": {"attribute": "userType"}})
    world.account("ana", value)
    world.person("ana", "Sales Team")
    world.person("zoe", "Sales Team")
    plan = world.plan()
    assert kinds(plan) == [("create_account", "zoe"), ("grant", "zoe")]
    (told,) = messages(plan, "V19")
    assert f'"{value}"' in told
    assert "S2" not in codes(plan)


def test_a_group_of_the_vendor_is_nobodys_attribute() -> None:
    world = World()
    world.account("ana", "Contractor")
    world.person("ana", "Sales Team")
    assert kinds(world.plan()) == [("grant", "ana")]


def test_a18_who_left_every_set_and_has_another_value_stays_active_and_that_is_said() -> None:
    world = World(vendor={"membership": {"attribute": "userType"}})
    world.settled("zoe", "Sales Team")
    world.account("ana", "Contractor")
    world.person("ana")
    plan = world.plan()
    assert kinds(plan) == []
    assert any("Contractor" in told for told in messages(plan, "A18"))
