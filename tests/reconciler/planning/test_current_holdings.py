"""What users hold before a plan."""

from support.worlds.world import World


def test_who_has_a_product_by_two_sets_is_counted_once() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Everything": ["Sales", "Talent"]})
    for name, held in (("ana", ["Sales Team", "Everything"]), ("bob", ["Everything"])):
        world.account(name, *held)
        world.person(name, "Everything")
    before = world.evaluation().before
    assert before.products == {"Sales": 2, "Talent": 2}
    assert before.sets == {"Sales Team": 1, "Everything": 2}


def test_what_an_account_of_nobody_holds_is_no_users() -> None:
    world = World(sets={"Sales Team": ["Sales"]})
    world.account("stranger", "Sales Team")
    assert world.evaluation().before.products["Sales"] == 0
