"""R9: what counts as taken away, whatever the operations are called and however small the steps."""

import pytest

from support.worlds.world import World

SETS = {
    "Sales Team": ["Sales"],
    "Sales North": ["Sales"],
    "Marketing Team": ["Marketing"],
    "Both": ["Sales", "Marketing"],
}
DEFAULTS = {"max_revoke_percent": 10, "max_set_revoke_percent": 25}


def company(sizes: dict[str, int], **policy: object) -> World:
    """So many settled people in each set, called by its name and a number."""
    world = World(
        sets=SETS, seats={"Sales": 1000, "Marketing": 1000}, policy={**DEFAULTS, **policy}
    )
    for item, size in sizes.items():
        for at in range(size):
            world.settled(f"{item} {at}", item)
    return world


def leave(world: World, *names: str, to: str | None = None) -> None:
    """They leave their groups, and perhaps join another one."""
    for name in names:
        person = world.person(name)
        world.members = [row for row in world.members if row[1] != person]
        if to:
            world.members.append((to, person, "user"))


def some(item: str, count: int, first: int = 0) -> list[str]:
    return [f"{item} {at}" for at in range(first, first + count)]


def r9(world: World) -> str:
    """What limits R9 says are exceeded; "" if it lets the plan pass."""
    (verdict,) = (one for one in world.plan().verdicts if one.code == "R9")
    too_much = "Too much would be taken away at once, or by small steps within 7 days. "
    assert verdict.passed or verdict.message.startswith(too_much)
    return "" if verdict.passed else verdict.message.removeprefix(too_much)


def headroom(world: World) -> str:
    (verdict,) = (one for one in world.plan().verdicts if one.code == "R9")
    assert verdict.passed
    return verdict.message


# What counts


def test_r9_a_move_to_a_set_with_fewer_products_loses_the_others() -> None:
    world = company({"Both": 30, "Sales Team": 70}, max_set_revoke_percent=50)
    leave(world, *some("Both", 16), to="Sales Team")
    assert r9(world) == (
        "16 of 100 users (16 %) would lose seats; the limit is 10 users. "
        '16 of 30 users (53 %) would lose set "Both"; the limit is 15 users (50 %). '
        '16 of 30 users (53 %) would lose product "Marketing"; the limit is 15 users (50 %).'
    )


def test_r9_a_product_has_its_own_share_across_sets() -> None:
    """A quarter of each of its sets may leave it, but not one more of all who hold it."""
    world = company({"Both": 4, "Marketing Team": 4, "Sales Team": 92})
    leave(world, *some("Both", 1), to="Sales Team")
    leave(world, *some("Marketing Team", 1), to="Sales North")
    assert headroom(world).endswith(
        'Highest share: 1 of 4 users (25 %) would lose set "Marketing Team"; '
        "the limit is 1 user (25 %)."
    )
    world.was_done("Sales Team 1", ("Both",), ("Sales Team",))
    assert '3 of 9 users (33 %) would have lost product "Marketing" in 7 days' in r9(world)


def test_r9_a_move_between_equal_sets_loses_nothing_however_many_move() -> None:
    world = company({"Sales Team": 30})
    leave(world, *some("Sales Team", 30), to="Sales North")
    assert headroom(world) == "0 of 30 users (0 %) would lose seats; the limit is 5 users."


def test_r9_a_move_to_a_set_with_more_products_loses_nothing() -> None:
    world = company({"Sales Team": 30})
    leave(world, *some("Sales Team", 30), to="Both")
    assert headroom(world) == "0 of 30 users (0 %) would lose seats; the limit is 5 users."


def test_r9_a_swap_of_products_takes_the_former_one() -> None:
    world = company({"Sales Team": 30, "Marketing Team": 30})
    leave(world, *some("Sales Team", 8), to="Marketing Team")
    assert '8 of 30 users (27 %) would lose product "Sales"' in r9(world)


def test_r9_a_move_that_is_split_loses_no_more_than_one_that_is_not() -> None:
    world = company({"Sales Team": 20, "Marketing Team": 20})
    world.seats = {"Sales": 20, "Marketing": 20}
    leave(world, "Sales Team 0", to="Marketing Team")
    leave(world, "Marketing Team 0", to="Sales Team")
    plan = world.plan()
    assert [str(one.kind) for one in plan.operations] == ["revoke", "move", "grant"]
    assert headroom(world).startswith("2 of 40 users (5 %) would lose seats")


def test_r9_the_admins_role_is_lost_by_a_move_too() -> None:
    world = company({"Sales North": 8, "Sales Team": 50})
    world.admins = ("Sales North",)
    leave(world, *some("Sales North", 3), to="Sales Team")
    assert r9(world) == (
        '3 of 8 users (38 %) would lose set "Sales North"; the limit is 2 users (25 %). '
        "3 of 8 admins (38 %) would lose that role; the limit is 2 admins (25 %)."
    )


def test_r9_accounts_without_a_set_are_counted_among_themselves() -> None:
    world = company({"Sales Team": 200})
    for at in range(12):
        world.account(f"idle{at}")
        world.person(f"idle{at}")
    assert r9(world) == (
        "12 of 12 users without a set (100 %) would lose their account; the limit is 5 users."
    )


def test_r9_many_accounts_without_a_set_allow_no_more_seats_to_be_taken() -> None:
    world = company({"Sales Team": 50}, max_set_revoke_percent=100)
    for at in range(1000):
        world.account(f"idle{at}")
        world.person(f"idle{at}", mail=None)
    leave(world, *some("Sales Team", 6))
    assert r9(world).startswith("6 of 50 users (12 %) would lose seats; the limit is 5 users.")


# Small sets


def small_sets(*sizes: int) -> World:
    names = [f"Desk {at:02}" for at in range(len(sizes))]
    world = World(
        sets={name: [f"Product {name}"] for name in names},
        seats={f"Product {name}": 100 for name in names},
        policy=DEFAULTS,
    )
    for name, size in zip(names, sizes, strict=True):
        for at in range(size):
            world.settled(f"{name} {at}", name)
    return world


def test_r9_sets_too_small_for_a_share_are_counted_together() -> None:
    world = small_sets(*[2] * 10)
    leave(world, *(f"Desk {at:02} 0" for at in range(5)))
    assert r9(world) == (
        "5 of 10 sets of fewer than 4 users (50 %) would lose somebody; the limit is 2 sets (25 %)."
    )


@pytest.mark.parametrize(
    ("sizes", "leavers", "passes"),
    [
        ((2, 2, 3, 3), 1, True),
        ((2, 2, 3, 3), 2, False),
        ((2, 2), 2, True),
        ((2, 2, 2), 2, True),
        ((2, 2, 2), 3, False),
        ((2, 2, 3, 4), 2, True),
    ],
)
def test_r9_of_small_sets_as_many_may_lose_somebody_as_of_a_set_of_so_many(
    sizes: tuple[int, ...], leavers: int, *, passes: bool
) -> None:
    world = small_sets(*sizes)
    leave(world, *(f"Desk {at:02} 0" for at in range(leavers)))
    assert (r9(world) == "") is passes


def test_r9_a_small_set_that_lost_somebody_lately_counts_once() -> None:
    world = small_sets(*[2] * 8)
    world.was_done("gone", ("Desk 00",), ())
    world.was_done("too", ("Desk 01",), ())
    leave(world, "Desk 00 0")
    assert r9(world) == ""
    leave(world, "Desk 02 0")
    assert r9(world) == (
        "3 of 8 sets of fewer than 4 users (38 %) would have lost somebody in 7 days; "
        "the limit is 2 sets (25 %)."
    )


# The week


def test_r9_small_steps_of_a_set_add_up_over_the_week() -> None:
    world = company({"Both": 33, "Sales Team": 200})
    for at in range(7):
        world.was_done(f"gone{at}", ("Both",), ())
    leave(world, *some("Both", 3))
    assert headroom(world) == (
        "3 of 233 users (1 %) would lose seats; the limit is 23 users. "
        "10 of 240 users (4 %) would have lost seats in 7 days; the limit is 48 users. "
        'Highest share: 10 of 40 users (25 %) would have lost set "Both" in 7 days; '
        "the limit is 10 users (25 %)."
    )
    leave(world, "Both 3")
    assert '11 of 40 users (28 %) would have lost set "Both" in 7 days' in r9(world)


def test_r9_what_was_lost_a_week_ago_counts_no_more() -> None:
    world = company({"Both": 33, "Sales Team": 200})
    for at in range(9):
        world.was_done(f"gone{at}", ("Both",), (), days_ago=7)
    leave(world, *some("Both", 8))
    assert r9(world) == ""


def test_r9_whoever_got_it_back_has_lost_nothing() -> None:
    world = company({"Both": 33, "Sales Team": 200})
    for at in range(20, 30):
        world.was_done(f"Both {at}", ("Both",), (), days_ago=3)
        world.was_done(f"Both {at}", (), ("Both",), days_ago=2)
    leave(world, *some("Both", 8))
    assert headroom(world).startswith("8 of 233 users")


def test_r9_whoever_gets_it_back_by_this_plan_has_lost_nothing() -> None:
    world = company({"Both": 33, "Sales Team": 200})
    for at in range(10):
        world.was_done(f"back{at}", ("Both",), ())
        world.person(f"back{at}", "Both")
    leave(world, *some("Both", 8))
    assert r9(world) == ""


def test_r9_whoever_got_another_product_back_has_still_lost_this_one() -> None:
    world = company({"Both": 33, "Sales Team": 200})
    for at in range(8):
        world.was_done(f"Sales Team {at}", ("Both",), (), days_ago=3)
        world.was_done(f"Sales Team {at}", (), ("Sales Team",), days_ago=2)
    leave(world, *some("Both", 3))
    assert 'would have lost product "Marketing" in 7 days; the limit is 10 users (25 %)' in r9(
        world
    )


def test_r9_whoever_was_given_a_seat_this_week_can_lose_it() -> None:
    world = company({"Both": 33, "Sales Team": 200})
    for at in range(10):
        world.was_done(f"guest{at}", (), ("Both",), days_ago=3)
        world.was_done(f"guest{at}", ("Both",), (), days_ago=2)
    leave(world, "Both 0")
    assert '11 of 43 users (26 %) would have lost set "Both" in 7 days' in r9(world)


def test_r9_accounts_that_were_switched_off_add_up_over_the_week() -> None:
    world = company({"Sales Team": 20})
    for at in range(5):
        world.was_done(f"gone{at}", True, False)
    world.account("idle")
    world.person("idle")
    assert r9(world) == (
        "6 of 6 users without a set (100 %) would have lost their account in 7 days; "
        "the limit is 5 users."
    )


def test_r9_an_account_that_is_active_again_was_not_lost() -> None:
    world = company({"Sales Team": 20})
    for at in range(5):
        world.was_done(f"back{at}", True, False, days_ago=3)
        world.was_done(f"back{at}", False, True, days_ago=2)
    world.account("idle")
    world.person("idle")
    assert r9(world) == ""


@pytest.mark.parametrize(
    ("sizes", "leaving", "used"),
    [
        ({"Sales Team": 100}, 0, 0),
        ({"Sales Team": 100}, 5, 0.5),
        ({"Sales Team": 16, "Sales North": 84}, 3, 0.75),
        ({"Sales Team": 100}, 10, 1),
    ],
)
def test_r9_says_how_much_of_its_nearest_limit_a_plan_takes_up(
    sizes: dict[str, int], leaving: int, used: float
) -> None:
    world = company(sizes, max_revokes=5)
    leave(world, *some("Sales Team", leaving))
    (verdict,) = (one for one in world.plan().verdicts if one.code == "R9")
    assert (verdict.passed, verdict.used) == (True, used)
