"""What a plan makes of each product's seats."""

from support.worlds.world import World


def test_who_waits_to_move_wants_the_new_seat_and_not_the_old_one() -> None:
    """Nor does a set that is waited for count only by what is full of it."""
    sets = {"Sales Team": ["Sales"], "Both": ["Marketing", "Talent"]}
    world = World(sets=sets, seats={"Sales": 1, "Marketing": 0, "Talent": 1})
    world.account("ana", "Sales Team")
    world.person("ana", "Both")
    wanted = {
        line.product: (line.used_after, line.waiting, line.wanted) for line in world.plan().seats
    }
    assert wanted == {"Marketing": (0, 1, 1), "Sales": (1, 0, 0), "Talent": (0, 0, 1)}
