"""What people read of somebody."""

import pytest
from msgspec.structs import replace

from config.attribute_mapping import GUIDE_MAPPING
from jobs.report.attribute_names import attribute_name
from jobs.report.people import rows_of
from jobs.report.words import called, members_in_words, person, seats_left
from reconciler.model.plan import Plan, SeatLine, SetMembers
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


@pytest.mark.parametrize(
    ("purchased", "used", "waiting", "said"),
    [
        (10, 9, 0, ""),
        (None, 9, 0, ""),
        (10, 10, 0, "none left; whoever joins next waits"),
        (10, 10, 1, "none left; 1 person waits"),
        (10, 10, 4, "none left; 4 people wait"),
        (10, 12, 4, "2 too few; whoever joins next waits"),
    ],
)
def test_that_no_seat_is_left_is_said_in_words(
    purchased: int | None, used: int, waiting: int, said: str
) -> None:
    line = SeatLine(
        product="Sales", purchased=purchased, used_before=used, unmanaged=0,
        frees=0, takes=0, used_after=used, waiting=waiting,
    )  # fmt: skip
    assert seats_left(line) == said


def test_every_attribute_of_the_guide_has_a_word() -> None:
    paths = [path for path, _ in GUIDE_MAPPING.rows]
    assert not {attribute_name(path) for path in paths if path != "active"} & {*paths}


def test_an_attribute_that_has_no_word_is_its_path() -> None:
    assert attribute_name("urn:example:2.0:User:badge") == "urn:example:2.0:User:badge"


@pytest.mark.parametrize(
    ("people", "others", "said"),
    [
        (1, {}, "1 member: 1 person"),
        (
            1_238,
            {"U9": 1, "U13": 2},
            "1,241 members: 1,238 people; Disabled in Entra (U9): 1; Guest (U13): 2",
        ),
    ],
)
def test_the_members_of_a_set_are_told_as_a_sum(
    people: int, others: dict[str, int], said: str
) -> None:
    assert members_in_words(SetMembers(set="Sales", people=people, others=others)) == said
