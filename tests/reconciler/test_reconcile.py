"""The whole story: what a plan depends on, and when there is none."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from reconciler.model.plan import Basis
from reconciler.no_plan import NoPlan
from support.worlds.world import NOW, World, guid


def test_i08_clock_time_zone_locale_and_hash_seed_change_no_byte() -> None:
    program = (
        "from support.worlds.world import World; world = World();"
        "world.person('ana', 'Sales Team'); print(world.plan().digest)"
    )
    here = Path(__file__).parents[1]

    def digest(**environment: str) -> str:
        variables = {**os.environ, "PYTHONPATH": str(here), **environment}
        ran = subprocess.run(
            [sys.executable, "-c", program], env=variables, capture_output=True, check=True
        )
        return ran.stdout.decode()

    first = digest(PYTHONHASHSEED="1", TZ="Pacific/Kiritimati", LC_ALL="C")
    assert first == digest(PYTHONHASHSEED="2", TZ="America/Los_Angeles", LC_ALL="C.UTF-8")
    world = World()
    world.person("ana", "Sales Team")
    with time_machine.travel("2040-02-29"):
        assert world.plan().digest == first.strip()


@pytest.mark.parametrize(
    ("change", "rests_on"),
    [
        (lambda world: world.seats.update({"Sales": 8}), "inventory"),
        (lambda world: setattr(world, "counted_on", NOW.date()), "inventory"),
        (lambda world: world.vendor_used.update({"Sales": 1}), "inventory"),
        (lambda world: world.members.clear(), "directory"),
        (lambda world: world.people[guid("ana")].update({"surname": "Other"}), "directory"),
        (lambda world: world.holdings.clear(), "target"),
        (lambda world: world.accounts["acc-ana"].update({"active": False}), "target"),
        (lambda world: world.policy.update({"max_revokes": 1}), "settings"),
    ],
)
def test_whatever_was_read_changes_what_the_plan_rests_on(
    change: Callable[[World], None], rests_on: str
) -> None:
    world = World(seats={"Sales": 9})
    world.settled("ana", "Sales Team")
    before = world.plan().basis
    change(world)
    now = world.plan().basis
    differing = [
        name for name in Basis.__struct_fields__ if getattr(now, name) != getattr(before, name)
    ]
    assert differing == [rests_on]


def test_r3_a_partly_read_vendor_gives_no_plan() -> None:
    world = World(target_complete=False)
    with pytest.raises(NoPlan, match="480 of 500 users") as caught:
        world.plan()
    assert caught.value.finding.code == "R3"
