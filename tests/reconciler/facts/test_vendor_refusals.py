"""What is refused again and again is told and asked for ever more rarely, if it is the same."""

from datetime import timedelta

from reconciler.facts.vendor_refusals import key_of
from reconciler.model.plan import Kind, Plan
from reconciler.model.refusal_backoff import Refusal
from support.worlds.world import World, codes, guid, messages


def refusing(world: World) -> Plan:
    """The plan, after everything that it would ask for was refused twice."""
    refuse(world, *filter(None, map(key_of, world.plan().operations)))
    return world.plan()


def refuse(world: World, *keys: str) -> None:
    """Twice, at last an hour ago."""
    last = world.now - timedelta(hours=1)
    refused = Refusal(2, last - timedelta(days=1), last, "400 no such thing.")
    world.memory = {"refused": dict.fromkeys(keys, refused)}


def kinds(plan: Plan) -> list[Kind]:
    return [operation.kind for operation in plan.operations]


def somebody_new() -> World:
    world = World()
    world.person("ana", "Sales Team")
    return world


def two_sets() -> World:
    return World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 9, "Talent": 9}
    )


def test_v18_an_account_that_is_refused_is_not_asked_for_again() -> None:
    plan = refusing(somebody_new())
    assert plan.operations == ()
    assert messages(plan, "V18") == [
        "The vendor refused 2 times since 2026-11-23 what would be asked for ana@example.org now, "
        "at last with: 400 no such thing. The same is not asked for again before 2026-11-26."
    ]


def test_after_the_pause_it_is_asked_for_again() -> None:
    world = somebody_new()
    refusing(world)
    world.now += timedelta(days=2)
    plan = world.plan()
    assert kinds(plan) == [Kind.CREATE_ACCOUNT, Kind.GRANT]
    assert "V18" not in codes(plan)


def test_v18_a_change_of_attributes_that_is_refused_holds_nothing_else_back() -> None:
    world = two_sets()
    world.account("ana", "Talent Team")
    world.person("ana", "Talent Team", surname="Refused")
    plan = refusing(world)
    assert plan.operations == ()
    assert len(messages(plan, "V18")) == 1
    world.members.clear()
    world.person("ana", "Sales Team", surname="Refused")
    assert kinds(world.plan()) == [Kind.MOVE]
    world.people[guid("ana")]["surname"] = "Another"
    assert kinds(world.plan()) == [Kind.UPDATE_ACCOUNT, Kind.MOVE]
    world.people[guid("ana")] |= {"surname": "Refused", "accountEnabled": False}
    assert kinds(world.plan()) == [Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT]


def test_with_another_name_it_is_another_account() -> None:
    world = somebody_new()
    refusing(world)
    world.people[guid("ana")]["surname"] = "Changed"
    assert kinds(world.plan()) == [Kind.CREATE_ACCOUNT, Kind.GRANT]


def test_v18_a_seat_that_is_refused_is_not_asked_for_again_but_another_is() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 9, "Talent": 9}
    )
    world.account("ana")
    world.person("ana", "Sales Team")
    assert refusing(world).operations == ()
    world.members.clear()
    world.person("ana", "Talent Team")
    assert kinds(world.plan()) == [Kind.GRANT]


def test_v18_a_move_that_is_refused_is_not_asked_for_again() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 9, "Talent": 9}
    )
    world.account("ana", "Talent Team")
    world.person("ana", "Sales Team")
    plan = refusing(world)
    assert plan.operations == ()
    assert plan.seats[1].used_after == 1


def test_whoever_cannot_leave_a_set_is_deactivated_all_the_same() -> None:
    world = World()
    world.account("ana", "Sales Team")
    world.person("ana")
    assert Kind.DEACTIVATE_ACCOUNT in kinds(refusing(world))
    world.accounts["acc-ana"]["active"] = False
    world.activations[guid("ana")] = "deactivated"
    plan = world.plan()
    assert plan.operations == ()
    assert "V18" in codes(plan)
    assert plan.seats[0].used_after == 1


def test_what_others_are_refused_concerns_nobody_else() -> None:
    world = somebody_new()
    refusing(world)
    world.person("bob", "Sales Team")
    assert {operation.subject.id for operation in world.plan().operations} == {guid("bob")}


def test_whoever_is_disabled_is_deactivated_whatever_was_refused_before() -> None:
    """Entra leaves a disabled user in the groups."""
    world = two_sets()
    world.account("ana", "Talent Team")
    world.person("ana", "Sales Team")
    assert refusing(world).operations == ()
    world.people[guid("ana")]["accountEnabled"] = False
    assert Kind.DEACTIVATE_ACCOUNT in kinds(world.plan())


def test_v18_whoever_is_disabled_and_cannot_leave_is_not_asked_for_again() -> None:
    world = World()
    world.account("ana", "Sales Team", active=False)
    world.person("ana", "Sales Team", accountEnabled=False)
    world.activations[guid("ana")] = "deactivated"
    assert kinds(world.plan()) == [Kind.REVOKE]
    plan = refusing(world)
    assert plan.operations == ()
    assert "V18" in codes(plan)


def test_v18_an_extra_set_that_the_user_cannot_leave_is_kept_and_its_seat_counts() -> None:
    world = two_sets()
    world.account("ana", "Sales Team", "Talent Team")
    world.person("ana", "Sales Team")
    assert kinds(world.plan()) == [Kind.REVOKE]
    plan = refusing(world)
    assert plan.operations == ()
    assert len(messages(plan, "V18")) == 1
    assert plan.seats[1].used_after == 1


def test_whoever_cannot_leave_one_set_leaves_the_others() -> None:
    world = two_sets()
    world.account("ana", "Sales Team", "Talent Team")
    world.person("ana")
    refuse(world, f"{guid('ana')} leaves Sales Team")
    plan = world.plan()
    assert [one.lost for one in plan.operations if one.kind is Kind.REVOKE] == [("Talent Team",)]
    assert Kind.DEACTIVATE_ACCOUNT in kinds(plan)


def test_v18_whoever_cannot_leave_a_set_is_not_moved() -> None:
    world = two_sets()
    world.account("ana", "Talent Team")
    world.person("ana", "Sales Team")
    refuse(world, f"{guid('ana')} leaves Talent Team")
    plan = world.plan()
    assert plan.operations == ()
    assert "V18" in codes(plan)
