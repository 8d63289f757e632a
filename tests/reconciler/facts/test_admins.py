"""Whoever becomes an admin of the portal: the operation that does it says so."""

import pytest

from jobs.report.words import in_words
from reconciler.model.plan import Plan
from support.worlds.world import World

SAID = ", which makes the user an admin"


@pytest.fixture
def world() -> World:
    """An admin, and a set without that role."""
    world = World(
        sets={"Portal": ["Sales"], "Root": ["Sales"], "Sales Team": ["Sales"]},
        admins=("Portal", "Root"),
    )
    world.settled("admin", "Portal")
    return world


def saying(plan: Plan) -> list[str]:
    return [f"{o.subject.name.split('@')[0]} {in_words(o)}" for o in plan.operations if o.admin]


def test_who_joins_an_admin_set_or_moves_into_one(world: World) -> None:
    world.person("new", "Portal")
    world.account("mover", "Sales Team")
    world.person("mover", "Portal")
    world.person("seller", "Sales Team")
    assert saying(world.plan()) == [
        f"mover moves from Sales Team to Portal{SAID}",
        f"new joins Portal{SAID}",
    ]


def test_an_admin_who_moves_to_another_admin_set_was_one_before(world: World) -> None:
    world.account("moving", "Portal")
    world.person("moving", "Root")
    assert world.plan().operations
    assert saying(world.plan()) == []


def test_an_inactive_account_in_an_admin_set_is_an_admins_again(world: World) -> None:
    world.account("back", "Portal", active=False)
    world.person("back", "Portal")
    assert saying(world.plan()) == [f"back their account at the vendor is reactivated{SAID}"]
