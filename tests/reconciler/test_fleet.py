"""When what shows in many tenants is one: a loss, unusual for each of them; a server that fails."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.fleet import (
    FEWEST_LOSING,
    losses,
    outage_begins,
    outage_ends,
    shared_loss,
    unusual,
)
from reconciler.model.fleet import SharedLoss, UnusualLosses
from support.worlds.world import World

CODES = st.sampled_from(["U3", "U5", "V1"])
LOSSES = st.integers(1, 40).flatmap(
    lambda planned: st.builds(
        UnusualLosses, st.just(planned), st.dictionaries(CODES, st.integers(1, planned))
    )
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


def test_whose_account_is_deactivated_loses_it_without_a_product() -> None:
    world = World()
    world.account("ann")
    world.person("ann", accountEnabled=False)
    (operation,) = world.plan().operations
    assert losses([operation]) == {operation.reason: 1}


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
    assert shared_loss(UnusualLosses(20, {"U5": 6}), 30) == SharedLoss("U5", 6, 20)
    assert shared_loss(UnusualLosses(20, {"U5": 5}), 30) is None


def test_four_tenants_are_too_few() -> None:
    assert shared_loss(UnusualLosses(4, {"U5": 4}), 30) is None
    assert shared_loss(UnusualLosses(5, {"U5": 5}), 30) == SharedLoss("U5", 5, 5)


@given(LOSSES, st.floats(1, 100))
def test_it_is_found_exactly_where_so_many_tenants_have_it(
    losses: UnusualLosses, percent: float
) -> None:
    reached = {
        code
        for code, tenants in losses.tenants.items()
        if tenants >= FEWEST_LOSING and tenants >= losses.planned * percent / 100
    }
    found = shared_loss(losses, percent)
    assert (found.code in reached) if found else not reached
    if found:
        assert (found.tenants, found.planned) == (losses.tenants[found.code], losses.planned)
        assert found.tenants == max(losses.tenants.values())


def test_a_server_is_to_blame_from_the_second_tenant_on_until_it_fails_none() -> None:
    assert [outage_begins(failing) for failing in range(4)] == [False, False, True, True]
    assert [outage_ends(failing) for failing in range(3)] == [True, False, False]
