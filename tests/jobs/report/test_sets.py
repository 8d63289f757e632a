"""Of every set that somebody leaves or joins, and of each that is left as it is."""

from msgspec.structs import replace

from jobs.report.people import rows_of
from jobs.report.sets import by_set
from reconciler.model.plan import Plan
from support.worlds.world import World


def told(plan: Plan) -> list[tuple[str, int, int, str]]:
    return [(one.name, one.leave, one.join, one.frozen) for one in by_set(plan, rows_of(plan))]


def test_a_set_that_is_left_as_it_is_stands_among_the_others_with_the_reason() -> None:
    world = World(
        sets={"Sales": ["Sales"], "Marketing": ["Marketing"], "Quiet": ["Sales"]},
        seats={"Sales": 9, "Marketing": 9},
        groups={"Sales": ("g1",), "Marketing": ("g2", "g3"), "Quiet": ("g4",)},
    )
    world.person("ana", "Sales")
    world.person("ben", "Marketing")
    assert told(world.plan()) == [
        ("Marketing", 0, 0, "left as it is: Set not ready at the vendor (G12)"),
        ("Sales", 0, 1, ""),
    ]


def test_a_set_whose_members_could_not_be_read_says_so_without_a_finding_of_its_own() -> None:
    plan = replace(World().plan(), undecided=("Sales Team",))
    assert told(plan) == [("Sales Team", 0, 0, "left as it is: it could not be read")]
