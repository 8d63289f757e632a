"""When a loss of many tenants is one: unusual for each of them, and of the same code."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from reconciler.applying.fleet_breaker import FEWEST_TENANTS, losses, shared_loss, unusual
from reconciler.model.fleet import SharedLoss, TenantPlan
from support.worlds.world import World

CODES = st.sampled_from(["U3", "U5", "V1"])
PLANS = st.lists(
    st.builds(TenantPlan, st.sampled_from([f"t{at}" for at in range(40)]), st.frozensets(CODES)),
    max_size=80,
)
COUNTS = st.dictionaries(CODES, st.integers(1, 1000))


def test_users_are_counted_by_why_they_lose_a_product() -> None:
    world = World()
    for name in ("ann", "bob"):
        world.account(name, "Sales Team")
        world.person(name)
    world.person("joiner", "Sales Team")
    operations = world.plan().operations
    (reason,) = {one.reason for one in operations if one.lost}
    assert losses(operations) == {reason: 2}


def test_who_moves_loses_nothing() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Field Sales": ["Sales"]})
    world.account("ann", "Sales Team")
    world.person("ann", "Field Sales")
    plan = world.plan()
    assert any(one.lost for one in plan.operations)
    assert losses(plan.operations) == {}


def test_a_move_that_is_split_loses_no_more_than_one_that_is_not() -> None:
    for marketing, kinds in ((1, ["revoke", "move", "grant"]), (2, ["move", "move"])):
        world = World(
            sets={"One": ["Sales", "Marketing"], "Two": ["Sales", "Talent"]},
            seats={"Sales": 2, "Marketing": marketing, "Talent": marketing},
        )
        for name, held, wanted in (("ann", "One", "Two"), ("bob", "Two", "One")):
            world.account(name, held)
            world.person(name, wanted)
        operations = world.plan().operations
        assert [one.kind for one in operations] == kinds
        assert losses(operations) == {"U2": 2}


def test_what_is_had_again_in_the_end_is_not_lost() -> None:
    leaver, joiner = World(), World()
    leaver.account("ann", "Sales Team")
    leaver.person("ann")
    joiner.account("ann")
    joiner.person("ann", "Sales Team")
    (revoke,) = (one for one in leaver.plan().operations if one.lost)
    (grant,) = (one for one in joiner.plan().operations if one.gained)
    assert losses([revoke, grant]) == {}
    assert losses([grant, revoke]) == {revoke.reason: 1}


def test_it_is_unusual_beyond_twice_what_was_lost_before_and_two_more() -> None:
    before = [{"U5": 3}, {}, {"U5": 1, "U3": 9}]
    assert unusual({"U5": 8, "U3": 20}, before) == set()
    assert unusual({"U5": 9, "U3": 20}, before) == {"U5"}
    assert unusual({"V1": 3}, before) == {"V1"}


@given(COUNTS, st.lists(COUNTS, max_size=4))
def test_what_was_lost_before_is_not_unusual(
    lost: dict[str, int], others: list[dict[str, int]]
) -> None:
    assert unusual(lost, [*others, lost]) == set()
    assert unusual(lost, []) == set()


def test_thirty_percent_of_twenty_tenants_are_enough() -> None:
    healthy = [TenantPlan(f"healthy {at}", frozenset()) for at in range(14)]
    ill = [TenantPlan(f"ill {at}", frozenset({"U5"})) for at in range(6)]
    assert shared_loss([*healthy, *ill], 30) == SharedLoss("U5", 6, 20)
    assert shared_loss([*healthy, *ill[:5]], 30) is None
    assert shared_loss([*healthy, *ill, *ill[:5]], 30) == SharedLoss("U5", 6, 20)


def test_four_tenants_are_too_few() -> None:
    ill = [TenantPlan(f"{at}", frozenset({"U5"})) for at in range(5)]
    assert shared_loss(ill[:4], 30) is None
    assert shared_loss(ill, 30) == SharedLoss("U5", 5, 5)


@given(PLANS, st.floats(1, 100))
def test_it_is_found_exactly_where_so_many_tenants_have_it(
    plans: list[TenantPlan], percent: float
) -> None:
    planned = {plan.tenant for plan in plans}
    having = {
        code: {plan.tenant for plan in plans if code in plan.unusual} for code in ("U3", "U5", "V1")
    }
    reached = [
        code
        for code, tenants in having.items()
        if len(tenants) >= FEWEST_TENANTS and len(tenants) >= len(planned) * percent / 100
    ]
    found = shared_loss(plans, percent)
    assert (found.code in reached) if found else not reached
    if found:
        assert (found.tenants, found.planned) == (len(having[found.code]), len(planned))
        assert found.tenants == max(map(len, having.values()))


@given(PLANS, st.floats(1, 100), st.randoms())
def test_the_order_in_which_tenants_are_planned_changes_nothing(
    plans: list[TenantPlan], percent: float, chance: Random
) -> None:
    shuffled = sorted(plans, key=lambda _: chance.random())
    assert shared_loss(shuffled, percent) == shared_loss(plans, percent)
