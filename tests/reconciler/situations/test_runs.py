"""What concerns the whole run, and no set or user."""

from dataclasses import replace

import pytest

from reconciler.model.snapshot import PlanContext
from reconciler.reconcile import reconcile
from support.worlds.world import NOW, World, messages


def test_r26_that_the_tenant_counts_no_members_is_told_once() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Night Desk": ["Sales"]})
    settings, snapshot = world.settings(), world.snapshot()
    directory = replace(snapshot.directory, uncounted="counting the members: 400 No $count.")
    plan = reconcile(
        settings, replace(snapshot, directory=directory), PlanContext("8f2c41d7", NOW, "0.1.0")
    )
    assert messages(plan, "R26") == [
        "Graph counts the members of no group in this tenant (counting the members: 400 No "
        "$count.). Each group was read twice instead, and is taken as complete where both readings "
        "have the same members."
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("R16", {"contradiction": "Ana is in Sales Team by changes, and not by a whole read"}),
        ("R17", {"full_read_because": "the changes are too old"}),
    ],
)
def test_r16_r17_why_changes_were_not_enough_is_told(code: str, told: dict[str, str]) -> None:
    world = World()
    snapshot = world.snapshot()
    snapshot = replace(snapshot, directory=replace(snapshot.directory, **told))
    plan = reconcile(world.settings(), snapshot, PlanContext("8f2c41d7", NOW, "0.1.0"))
    (message,) = messages(plan, code)
    assert next(iter(told.values())) in message
