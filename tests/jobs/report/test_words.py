"""What people read of somebody."""

import pytest
from msgspec.structs import replace

from jobs.report.people import rows_of
from jobs.report.words import called, person
from reconciler.model.plan import Plan
from support.worlds.world import World, guid


def plan_about(display_name: str) -> Plan:
    world = World()
    world.person("ana", "Sales Team", displayName=display_name)
    return world.plan()


@pytest.mark.parametrize(
    ("display_name", "said"),
    [
        ("Ana Silva", "ana@example.org (Ana Silva)"),
        ("ben@example.org", "ana@example.org (ben@example.org)"),
        ("ana@example.org", "ana@example.org"),
        ("\u202eSilva\u200b", "ana@example.org (Silva)"),
        ("\u200b\u202e", "ana@example.org"),
    ],
)
def test_somebody_is_told_by_user_name_first(display_name: str, said: str) -> None:
    plan = plan_about(display_name)
    (user,) = {operation.subject for operation in plan.operations}
    assert person(user.name, called(plan, user)) == said
    assert rows_of(plan)[0].cells[1] == said


def test_older_plans_have_no_display_names() -> None:
    plan = replace(plan_about("Ana Silva"), display_names={})
    assert b"display_names" not in plan.canonical
    assert rows_of(plan)[0].called == ""
    assert plan.operations[0].subject.id == guid("ana")
