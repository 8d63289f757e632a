"""What was refused twice is told and not asked for a third time, as long as it is the same."""

from reconciler.facts.vendor_refusals import key_of
from reconciler.model.plan import Kind, Plan
from support.worlds.world import World, codes, guid, messages


def refusing(world: World) -> Plan:
    """The plan, after everything that it would ask for was refused twice."""
    keys = frozenset(filter(None, map(key_of, world.plan().operations)))
    world.habits = {"refused": keys}
    return world.plan()


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
    assert "refused twice what would be asked for ana@example.org" in messages(plan, "V18")[0]


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
    world.habits = {"refused": frozenset({f"{guid('ana')} leaves Sales Team"})}
    plan = world.plan()
    assert [one.lost for one in plan.operations if one.kind is Kind.REVOKE] == [("Talent Team",)]
    assert Kind.DEACTIVATE_ACCOUNT in kinds(plan)


def test_v18_whoever_cannot_leave_a_set_is_not_moved() -> None:
    world = two_sets()
    world.account("ana", "Talent Team")
    world.person("ana", "Sales Team")
    world.habits = {"refused": frozenset({f"{guid('ana')} leaves Talent Team"})}
    plan = world.plan()
    assert plan.operations == ()
    assert "V18" in codes(plan)
