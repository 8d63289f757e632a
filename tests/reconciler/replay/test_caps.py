"""Caps are proposed that hold every purge and as little else as can be."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from config.policy import Policy
from reconciler.planning.consequences import Consequences
from reconciler.replay.caps import Held, caps_of, propose_caps
from support.worlds.world import World

POLICY = Policy()


@cache
def losing(count: int, of: int = 100) -> Consequences:
    """So many of these users lose the only product that there is."""
    world = World(seats={"Sales": of})
    for at in range(of):
        world.account(f"user{at}", "Sales Team")
        world.person(f"user{at}", *(["Sales Team"] if at >= count else []))
    return world.evaluation().consequences


def test_the_lowest_caps_let_pass_what_was_wanted_and_hold_the_purge() -> None:
    proposed = propose_caps(POLICY, [losing(2), losing(6), losing(8)], [losing(30)])
    assert proposed.values == {
        "max_revoke_percent": 8,
        "max_set_revoke_percent": 8,
        "max_week_revoke_percent": 0,
        "max_revokes": 5,
    }
    assert proposed.held == Held(purges=1, of_purges=1, wanted=0, of_wanted=3)


def test_a_purge_that_is_smaller_than_what_was_wanted_costs_the_fewest_false_holds() -> None:
    wanted = [losing(1), losing(8), losing(12)]
    proposed = propose_caps(POLICY, wanted, [losing(6)])
    assert proposed.held == Held(purges=1, of_purges=1, wanted=2, of_wanted=3)


def test_max_revokes_is_lowered_only_where_nothing_else_holds_a_purge() -> None:
    """Of three users, percentages do not hold the loss of two."""
    small = losing(2, of=3)
    proposed = propose_caps(POLICY, [], [small])
    assert proposed.values["max_revokes"] == 1
    assert proposed.held.purges == 1
    assert propose_caps(POLICY, [], [losing(30)]).values["max_revokes"] == 5


def test_those_of_the_policy_are_told_beside() -> None:
    now = caps_of(POLICY, [losing(6), losing(12), losing(30)], [losing(30), losing(2)])
    assert now.held == Held(purges=1, of_purges=2, wanted=2, of_wanted=3)
    assert now.values["max_revoke_percent"] == 10


COUNTS = st.lists(st.sampled_from([1, 2, 3, 6, 8, 12, 30]), max_size=5)


@given(wanted=COUNTS, purges=COUNTS)
def test_every_purge_is_held_and_no_lower_percentage_lets_as_much_pass(
    wanted: list[int], purges: list[int]
) -> None:
    ours, theirs = ([losing(count) for count in counts] for counts in (wanted, purges))
    proposed = propose_caps(POLICY, ours, theirs)
    assert proposed.held.purges == len(purges)
    if max(wanted, default=0) < min(purges, default=99):
        assert proposed.held.wanted == 0
