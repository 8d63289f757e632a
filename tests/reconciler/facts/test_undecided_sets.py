"""A run that could decide about nobody is told first, and is no success."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jobs.output.exit_codes import Exit
from jobs.plan import exit_code
from jobs.report.summary import summarise
from reconciler.model.group_read import Group
from reconciler.model.plan import Finding, Plan, Severity
from reconciler.planning.findings.collect import by_urgency
from reconciler.situations import RUN
from support.worlds.world import World, guid

SETS = {"Sales Team": ["Sales"], "Talent Team": ["Talent"]}

PARTLY: dict[str, Any] = {"complete": False, "because": "page 2 of 3 did not come"}
UNREAD: dict[str, Callable[[str], dict[str, Any]]] = {
    "R2": lambda name: PARTLY,
    "R5": lambda name: {"hidden": True},
    "G1": lambda name: {"exact": ()},
    "G2": lambda name: {"exact": (), "near": (Group(guid(name), name.replace(" ", "-")),)},
    "G3": lambda name: {"exact": (Group(guid(name), name), Group(guid(f"{name} 2"), name))},
    "G8": lambda name: {"exact": (), "deleted": Group(guid(name), name)},
    "G9": lambda name: {"exact": (Group(guid(name), name, rule_processing="Paused"),)},
}
NOT_TOLD = {"userPrincipalName": None, "mail": None, "userType": None, "accountEnabled": None}


def world(**reads: dict[str, Any]) -> World:
    """Two sets with a holder each; `reads` says how their groups were read."""
    world = World(sets=SETS, seats={"Sales": 9, "Talent": 9})
    world.settled("ana", "Sales Team")
    world.settled("bob", "Talent Team")
    world.reads = {name.replace("_", " "): read for name, read in reads.items()}
    return world


def told_first(plan: Plan) -> bool:
    return plan.findings[0].code == "R19"


@pytest.mark.parametrize("read", UNREAD.values(), ids=UNREAD)
def test_r19_no_group_could_be_read(read: Callable[[str], dict[str, Any]]) -> None:
    plan = world(Sales_Team=read("Sales Team"), Talent_Team=read("Talent Team")).plan()
    assert told_first(plan)
    assert '"Sales Team", "Talent Team"' in plan.findings[0].message
    assert exit_code(plan) is Exit.UNDECIDED
    assert summarise(plan).headline == "Nothing could be read: 2 sets could not be decided about"


def test_r19_of_nobody_anything_could_be_read() -> None:
    blind = world()
    for person in blind.people.values():
        person.update(NOT_TOLD)
    assert exit_code(blind.plan()) is Exit.UNDECIDED


def test_r19_one_group_is_unread_and_nobody_of_the_other() -> None:
    blind = world(Sales_Team=PARTLY)
    blind.people[guid("bob")].update(NOT_TOLD)
    assert told_first(blind.plan())


def test_r19_what_is_not_configured_well_is_no_set_left_to_decide_about() -> None:
    blind = world(Sales_Team=PARTLY)
    blind.sets = {"Sales Team": ["Sales"], "Talent Team": []}
    plan = blind.plan()
    assert told_first(plan)
    assert plan.undecided == ("Sales Team",)


def test_a_fault_of_the_configuration_alone_is_told_as_that() -> None:
    idle = world()
    idle.seats = {}
    plan = idle.plan()
    assert (plan.undecided, exit_code(plan)) == ((), Exit.OK)


def test_half_of_it_is_counted_in_the_headline() -> None:
    plan = world(Sales_Team=PARTLY).plan()
    assert not plan.decides_nothing
    assert exit_code(plan) is Exit.OK
    assert summarise(plan).headline.endswith("; 1 set could not be decided about")


def test_one_member_who_may_be_read_is_enough() -> None:
    some = world(Sales_Team=PARTLY)
    some.people[guid("bob")].update(NOT_TOLD)
    some.settled("cyd", "Talent Team")
    assert some.plan().undecided == ("Sales Team",)


def test_a_group_that_is_empty_was_read() -> None:
    empty = World(sets=SETS, seats={"Sales": 9, "Talent": 9})
    assert exit_code(empty.plan()) is Exit.OK


def blind_but_for_a_disabled_user() -> World:
    blind = world(Sales_Team=PARTLY)
    blind.people[guid("bob")].update(NOT_TOLD)
    blind.account("dan")
    blind.person("dan", accountEnabled=False)
    return blind


UNREAD_LINE = "Nothing could be read: 2 sets could not be decided about; "


def test_what_is_to_be_done_anyway_waits_and_is_told_afterwards() -> None:
    """A disabled user loses the seat whatever other groups say."""
    plan = blind_but_for_a_disabled_user().plan()
    assert told_first(plan)
    assert exit_code(plan) is Exit.WAITING
    summary = summarise(plan)
    assert summary.status == "waiting for review"
    assert summary.headline == UNREAD_LINE + (
        "1 person loses a seat; waits for review until 25 Nov, 03:00 UTC"
    )


def test_no_guard_that_objects_is_told_before() -> None:
    blind = blind_but_for_a_disabled_user()
    blind.clock_skew = timedelta(hours=1)
    summary = summarise(blind.plan())
    assert summary.status == "blocked"
    assert summary.headline == UNREAD_LINE + (
        "Stopped, clock is wrong (R11): 1 person would lose a seat"
    )


@pytest.mark.parametrize("code", ["R6", "R9", "A15"])
def test_no_situation_that_blocks_is_told_before(code: str) -> None:
    graver = Finding(
        code=code, severity=Severity.BLOCK, subject=RUN, message="worse", advice="look"
    )
    (r19,) = (found for found in blind_but_for_a_disabled_user().plan().findings[:1])
    assert by_urgency([graver, r19]) == (r19, graver)
