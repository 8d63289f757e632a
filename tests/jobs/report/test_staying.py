"""Whoever asks why nothing happens to somebody reads it beside those to whom something does."""

import pytest

from jobs.report.people import Effect
from jobs.report.staying import staying
from support.worlds.world import World


def told(world: World) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    rows = staying(world.plan())
    assert {row.effect for row in rows} <= {Effect.STAYS}
    return {row.subject.name.partition("@")[0]: (row.lines, row.reasons) for row in rows}


def test_who_waits_reads_of_the_place_and_what_is_missing() -> None:
    world = World(seats={"Sales": 0})
    world.person("tom", "Sales Team")
    needs = "waits for Sales Team, place 1: needs 1 more Sales seat, bought or released"
    assert told(world) == {"tom": ((needs,), ("S2",))}


def test_who_waits_comes_first_in_the_order_of_the_places() -> None:
    world = World(seats={"Sales": 0})
    for name in ("ana", "ben", "cyd"):
        world.person(name, "Sales Team")
    world.person("ada", "Sales Team", mail=None)
    places = [entry.user.name for entry in world.plan().waiting]
    assert [*told(world)] == [*(name.partition("@")[0] for name in places), "ada"]
    assert places != sorted(places)


def test_a_bundle_that_is_partly_free_is_told_once() -> None:
    world = World(sets={"Both": ["Marketing", "Sales"]}, seats={"Sales": 0, "Marketing": 9})
    world.person("tom", "Both")
    ((lines, reasons),) = told(world).values()
    assert (len(lines), reasons) == (1, ("S3",))


@pytest.mark.parametrize(
    ("attributes", "code", "line"),
    [
        (
            {"mail": None},
            "U4",
            'has no mail address, so gets no seat in "Sales Team" (a held one is kept).',
        ),
        (
            {"userType": "Guest"},
            "U13",
            'is a guest in "Sales Team"; guests get no seat (a held one is kept).',
        ),
    ],
)
def test_the_reason_stands_without_the_name(
    attributes: dict[str, object], code: str, line: str
) -> None:
    world = World()
    world.person("ada", "Sales Team", **attributes)
    assert told(world) == {"ada": ((line,), (code,))}


def test_an_account_of_nobody_is_among_them_and_who_has_an_operation_is_not() -> None:
    world = World()
    world.account("orphan", externalId="somebody else")
    world.account("leaver", "Sales Team")
    world.person("leaver")
    assert told(world).keys() == {"orphan"}
