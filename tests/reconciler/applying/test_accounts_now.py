"""The accounts that a plan starts from, out of what the vendor shows."""

from reconciler.applying.accounts_now import readings_of
from reconciler.applying.preconditions import AccountNow
from reconciler.model.plan import Plan
from support.worlds.world import World, guid

NOTHING = AccountNow(None, None, frozenset())


def world_of(**joe: object) -> World:
    """Ana leaves two sets; joe, of whom this is known at the vendor, joins one."""
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]})
    world.seats["Talent"] = 1
    world.account("ana", "Sales Team", "Talent Team")
    world.person("ana")
    world.settled("zoe", "Sales Team")
    world.person("joe", "Sales Team")
    if joe:
        world.account("joe", **joe)
    return world


PLAN = world_of().plan()


def of(plan: Plan, world: World, user: str) -> list[AccountNow]:
    readings = readings_of(plan, world.snapshot().target)
    assert readings.keys() == {operation.index for operation in plan.operations}
    return [readings[o.index] for o in plan.operations if o.subject.id == guid(user)]


def test_an_account_is_read_with_its_attributes_and_its_sets() -> None:
    reading, *others = of(PLAN, world_of(), "ana")
    assert others == [reading] * len(others)
    assert reading.attributes
    assert reading.attributes["userName"] == "ana@example.org"
    assert reading.active is True
    assert reading.sets == {"Sales Team", "Talent Team"}


def test_an_account_that_is_still_to_be_made_is_nowhere() -> None:
    assert set(of(PLAN, world_of(), "joe")) == {NOTHING}


def test_one_that_has_its_link_or_its_name_is_there_already() -> None:
    for joe in ({"userName": "x"}, {"externalId": None, "userName": "JOE@example.org"}):
        create, _ = of(PLAN, world_of(**joe), "joe")
        assert create.attributes


def test_what_the_vendor_does_not_tell_is_none() -> None:
    reading, *_ = of(PLAN, world_of(externalId=None, active=None), "joe")
    assert reading.attributes
    assert reading.attributes["externalId"] is None
    assert reading.active is None


def test_an_account_that_is_gone_is_nowhere() -> None:
    world = world_of()
    del world.accounts["acc-ana"]
    assert set(of(PLAN, world, "ana")) == {NOTHING}
