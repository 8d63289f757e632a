"""A plan says what Entra calls those whom it mentions, and decides nothing by it."""

from msgspec.structs import replace

from support.worlds.world import World, guid


def world(**display_names: str | None) -> World:
    world = World(seats={"Sales": 1})
    world.settled("ana", "Sales Team")
    for name, display_name in display_names.items():
        world.person(name, "Sales Team", displayName=display_name)
    world.people[guid("ana")]["displayName"] = "Ana, who is in order"
    return world


def test_whoever_is_mentioned_and_has_one() -> None:
    plan = world(tom="Tom Tailor", uma=None, eva=" ").plan()
    assert {entry.user.name for entry in plan.waiting} == {
        "tom@example.org",
        "uma@example.org",
        "eva@example.org",
    }
    assert plan.display_names == {guid("tom"): "Tom Tailor"}


def test_another_name_changes_nothing_else() -> None:
    before, after = (world(tom=name).plan() for name in ("Tom Tailor", "Ceo"))
    names, basis = after.display_names, replace(before.basis, directory=after.basis.directory)
    assert replace(before, display_names=names, basis=basis) == after
