"""Whoever has read a plan reads only what is otherwise in the next one."""

from jobs.report.difference import difference
from support.scenarios.company import Company
from support.worlds.world import World


def world(**sets: str) -> World:
    world = World(
        sets={"Sales Team": ["Sales"], "Marketing Team": ["Marketing"]},
        seats={"Sales": 9, "Marketing": 9},
    )
    for name, joins in sets.items():
        world.person(name, joins.replace("_", " "))
    return world


def test_people_who_came_went_and_are_treated_otherwise() -> None:
    older = world(ana="Sales_Team", bob="Sales_Team", cyd="Sales_Team").plan()
    newer = world(ana="Sales_Team", bob="Marketing_Team", dee="Sales_Team").plan()
    found = [(row.difference, row.who) for row in difference(older, newer) if "@" in row.who]
    assert found == [
        ("changed", "bob@example.org"),
        ("gone", "cyd@example.org"),
        ("added", "dee@example.org"),
    ]


def test_equal_plans_do_the_same_to_everybody(planned: Company) -> None:
    first = planned.json("show")["id"]
    planned.run("plan")
    same = planned.run("diff", first)
    assert same.exit_code == 0
    assert "do the same to everybody" in same.stdout
    assert planned.json("diff", first) == []


def test_a_plan_that_is_not_there_is_wrong_usage(company: Company) -> None:
    assert company.run("diff", "none").exit_code == 64
