"""Whoever is in a set's group and passes no scoping filter."""

from typing import Any

import pytest
from hypothesis import given

from reconciler.model.plan import Plan
from support.worlds.random_worlds import IN_TOWN, worlds
from support.worlds.world import World, codes, guid, kinds, messages

IN_SALES = [{"clauses": [{"attribute": "department", "operator": "EQUALS", "value": "Sales"}]}]


def world(**changes: Any) -> World:
    """Ana sells, bob does not any more; both have a seat."""
    made = World(**{"filters": IN_SALES, "policy": {"max_revokes": 9}, **changes})
    made.account("ana", "Sales Team")
    made.person("ana", "Sales Team", department="Sales")
    made.account("bob", "Sales Team")
    made.person("bob", "Sales Team", department="Legal")
    return made


@pytest.mark.parametrize("scope", ["filters", "filters_of"], ids=["everybody", "the set"])
def test_u19_who_falls_out_of_scope_loses_seat_and_account(scope: str) -> None:
    of_set = {"filters": [], "filters_of": {"Sales Team": IN_SALES}}
    w = world(**of_set if scope == "filters_of" else {})
    plan = w.plan()
    assert kinds(plan) == [("revoke", "bob"), ("deactivate_account", "bob")]
    assert codes(plan) == {"U19"}
    assert messages(plan, "U19") == [
        "bob@example.org is in a set's group and passes no scoping filter (not met: department "
        'EQUALS "Sales"); the seat is released.'
    ]


def test_u19_of_a_set_says_nothing_of_who_is_in_the_scope_of_another() -> None:
    teams = {"Sales Team": ["Sales"], "Talent Team": ["Talent"]}
    w = world(
        sets=teams,
        seats={"Sales": 9, "Talent": 9},
        filters=[],
        filters_of={"Sales Team": IN_SALES},
    )
    w.members.append(("Talent Team", guid("bob"), "user"))
    plan = w.plan()
    assert kinds(plan) == [("move", "bob")]
    assert codes(plan) == {"U2"}


def test_who_has_nothing_and_is_out_of_scope_gets_nothing_and_is_told_of_in_the_sum() -> None:
    w = world()
    w.person("zoe", "Sales Team", department=None)
    plan = w.plan()
    assert "zoe" not in {name for _, name in kinds(plan)}
    assert len(messages(plan, "U19")) == 1
    assert plan.members[0].others == {"U19": 2}


def test_u20_who_falls_out_of_scope_keeps_what_they_hold_where_that_is_skipped() -> None:
    w = world(policy={"skip_out_of_scope_deletions": True})
    w.people[guid("bob")]["surname"] = "Renamed"
    w.person("zoe", "Sales Team", department=None)
    plan = w.plan()
    assert plan.operations == ()
    assert codes(plan) == {"U20"}
    assert plan.seats[0].used_after == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [({"accountEnabled": False}, "U9"), ({"presence": "deleted"}, "U10")],
)
def test_who_is_disabled_or_deleted_is_not_left_alone(change: dict[str, Any], code: str) -> None:
    w = world(policy={"skip_out_of_scope_deletions": True, "max_revokes": 9})
    w.people[guid("bob")] |= change
    assert codes(w.plan()) == {code}
    assert kinds(w.plan()) == [("revoke", "bob"), ("deactivate_account", "bob")]


def test_who_could_not_be_read_is_not_out_of_scope() -> None:
    w = world()
    w.people[guid("bob")] |= {"department": None, "accountEnabled": None}
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"R4"}


def test_an_account_that_was_never_ours_stays_active_however_often_that_is_planned() -> None:
    w = world()
    w.person("zoe", "Sales Team", department="Legal")
    w.account("zoe")
    w.links.clear()
    for _ in range(2):
        w.apply(w.plan())
        assert w.accounts["acc-zoe"]["active"]


def test_there_is_no_grace_for_who_is_still_in_the_group() -> None:
    w = world(policy={"leave_grace": "7d", "max_revokes": 9})
    assert kinds(w.plan()) == [("revoke", "bob"), ("deactivate_account", "bob")]


@pytest.mark.parametrize(
    ("passing", "others", "held"),
    [(0, "sales", True), (0, None, True), (1, "sales", False)],
    ids=["another case", "an attribute that is renamed or not read", "one passes"],
)
def test_r29_a_filter_that_nobody_of_a_group_passes_holds_the_plan(
    passing: int, others: str | None, held: bool
) -> None:
    w = World(filters=IN_SALES)
    for at in range(3):
        w.account(f"user{at}", "Sales Team")
        w.person(f"user{at}", "Sales Team", department="Sales" if at < passing else others)
    objections = {verdict.code: verdict.message for verdict in w.plan().objections}
    assert ("R29" in objections) is held
    if held:
        assert "3 people hold its seats" in objections["R29"]


def carried_out(plan: Plan) -> list[tuple[object, ...]]:
    """The operations, whatever their reasons."""
    return [(str(o.kind), o.subject, o.before, o.after, o.takes, o.frees) for o in plan.operations]


@given(worlds())
def test_a_filter_that_everybody_passes_changes_no_operation(w: World) -> None:
    w.filters, w.filters_of = [], {}
    without = w.plan()
    w.filters = [{"clauses": [{"attribute": "objectId", "operator": "IS NOT NULL"}]}]
    assert w.plan().operations == without.operations


@given(worlds())
def test_who_is_out_of_scope_loses_what_leaving_every_group_would_lose(w: World) -> None:
    w.filters, w.filters_of, w.policy["skip_out_of_scope_deletions"] = IN_TOWN, {}, False
    filtered = w.plan()
    out = {
        object_id
        for object_id, person in w.people.items()
        if person["city"] != "Ulm"
        and person["presence"] != "uncertain"
        and (person["accountEnabled"] is not None or person["presence"] != "present")
    }
    w.filters, w.members = [], [one for one in w.members if one[1] not in out]
    assert carried_out(filtered) == carried_out(w.plan())
