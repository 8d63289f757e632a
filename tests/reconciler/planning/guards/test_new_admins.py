"""R10: who becomes an admin, by whatever operation, and by however small steps."""

import pytest

from support.worlds.world import World


def portal(admins: int, *, inactive: int = 0) -> World:
    """So many admins, of whom some were deactivated at the vendor by hand, and ten others."""
    world = World(sets={"Portal": ["Sales"], "Root": ["Sales"], "Sales Team": ["Sales"]})
    world.admins = ("Portal", "Root")
    for at in range(admins):
        world.settled(f"admin{at}", "Portal")
    for at in range(inactive):
        world.accounts[f"acc-admin{at}"]["active"] = False
    for at in range(10):
        world.settled(f"other{at}", "Sales Team")
    return world


def promote(world: World, *names: str) -> None:
    for name in names:
        person = world.person(name)
        world.members = [row for row in world.members if row[1] != person]
        world.members.append(("Portal", person, "user"))


def r10(world: World) -> str:
    (verdict,) = (one for one in world.plan().verdicts if one.code == "R10")
    return "" if verdict.passed else verdict.message


def test_r10_small_steps_add_up_over_the_week() -> None:
    world = portal(6)
    for name in ("admin4", "admin5"):
        world.was_done(name, ("Sales Team",), ("Portal",), days_ago=2)
    assert r10(world) == ""
    promote(world, "other0")
    assert r10(world) == (
        "1 user would become an admin of the vendor's portal (other0@example.org); 6 are now. "
        "With the last 7 days that is 3; the limit is 2 admins, and fewer than twice as many as "
        "before."
    )


def test_r10_their_number_does_not_double_by_small_steps() -> None:
    world = portal(3)
    world.was_done("admin2", (), ("Portal",))
    promote(world, "other0")
    assert "With the last 7 days that is 2" in r10(world)


def test_r10_who_became_an_admin_a_week_ago_counts_no_more() -> None:
    world = portal(6)
    for name in ("admin4", "admin5"):
        world.was_done(name, (), ("Portal",), days_ago=7)
    promote(world, "other0")
    assert r10(world) == ""


def test_r10_who_is_no_admin_any_more_counts_no_more() -> None:
    world = portal(6)
    for name in ("other8", "other9"):
        world.was_done(name, ("Sales Team",), ("Portal",), days_ago=3)
        world.was_done(name, ("Portal",), ("Sales Team",), days_ago=2)
    promote(world, "other0", "other1")
    assert r10(world) == ""


def test_r10_who_only_moved_between_admin_sets_this_week_became_none() -> None:
    world = portal(6)
    for name in ("admin4", "admin5"):
        world.was_done(name, ("Root",), ("Portal",))
    promote(world, "other0", "other1")
    assert r10(world) == ""


def test_r10_who_became_an_admin_and_moved_to_another_admin_set_counts() -> None:
    world = portal(6)
    for name in ("admin4", "admin5"):
        world.was_done(name, (), ("Root",), days_ago=3)
        world.was_done(name, ("Root",), ("Portal",), days_ago=2)
    promote(world, "other0")
    assert "With the last 7 days that is 3" in r10(world)


def test_r10_reactivating_an_admin_is_making_one() -> None:
    world = portal(5, inactive=4)
    assert r10(world).startswith(
        "4 users would become admins of the vendor's portal (admin0@example.org, "
        "admin1@example.org, admin2@example.org, admin3@example.org); 1 is one now."
    )


def test_r10_so_it_is_whoever_gets_the_set_with_it() -> None:
    world = portal(1)
    for name in ("other0", "other1", "other2"):
        world.accounts[f"acc-{name}"]["active"] = False
        promote(world, name)
    assert r10(world).startswith("3 users would become admins")


def test_r10_admins_who_were_reactivated_this_week_count() -> None:
    world = portal(6)
    for name in ("admin0", "admin1"):
        world.was_done(name, False, True)
    promote(world, "other0")
    assert "With the last 7 days that is 3" in r10(world)


def test_r10_reactivating_others_makes_no_admin() -> None:
    world = portal(2)
    for at in range(5):
        world.accounts[f"acc-other{at}"]["active"] = False
    assert r10(world) == ""


def test_r10_who_got_an_account_this_week_and_is_promoted_now_becomes_one_now() -> None:
    world = portal(6)
    for name in ("other0", "other1", "other2"):
        world.was_done(name, False, True)
    promote(world, "other0", "other1", "other2")
    assert r10(world).startswith("3 users would become admins")


def test_r10_an_admin_who_was_let_go_and_comes_back_becomes_one_again() -> None:
    world = portal(6)
    for name in ("back0", "back1", "back2"):
        world.was_done(name, ("Portal",), ())
        world.was_done(name, True, False)
        world.account(name, active=False)
        promote(world, name)
    assert r10(world).startswith("3 users would become admins")


@pytest.mark.parametrize("name", ["stranger", "admin0"])
def test_r10_linking_an_account_makes_no_admin(name: str) -> None:
    world = portal(3)
    world.account(name, "Portal", externalId=None)
    world.person(name, "Portal")
    assert r10(world) == ""


def test_r10_a_set_that_becomes_an_admin_set_changes_nobody() -> None:
    """Its users become admins by the configuration alone: there is nothing to hold."""
    world = portal(2)
    world.admins = ("Portal", "Sales Team")
    assert r10(world) == ""
