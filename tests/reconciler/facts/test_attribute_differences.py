"""Which mapped attributes are sent to an account that is created, and which to one that exists."""

from typing import Any

import pytest

from jobs.report.words import in_words
from reconciler.applying.entra_drift import source_drift
from reconciler.model.plan import Kind, Outcome
from reconciler.model.snapshot import PlanContext
from reconciler.undo import Done, undo
from support.worlds.world import NEEDED_ROWS, NOW, World, guid

TITLE = "title"


def sent(row: object, said: str | None, exists: bool, has: str | None = None) -> Any:
    """What a plan sends as the title that `row` makes of a displayName; None for nothing."""
    world = World(mapping={**NEEDED_ROWS, "userName": "userPrincipalName", TITLE: row})
    world.person("ana", "Sales Team", displayName=said)
    if exists:
        world.account("ana", "Sales Team", title=has)
    kinds = {Kind.CREATE_ACCOUNT, Kind.UPDATE_ACCOUNT}
    operations = [one for one in world.plan().operations if one.kind in kinds]
    written = [one.after.attributes or {} for one in operations]
    return written[0].get(TITLE) if written else None


@pytest.mark.parametrize(
    ("row", "said", "created", "changed"),
    [
        ("displayName", "Ana", "Ana", "Ana"),
        ("displayName", None, None, None),
        ({"direct": "displayName", "apply": "on_create"}, "Ana", "Ana", None),
        ({"direct": "displayName", "default_if_null": "Nobody"}, "Ana", "Ana", "Ana"),
        ({"direct": "displayName", "default_if_null": "Nobody"}, None, "Nobody", None),
        ({"constant": "Member"}, None, "Member", "Member"),
    ],
)
def test_what_is_sent(
    row: object, said: str | None, created: str | None, changed: str | None
) -> None:
    assert sent(row, said, exists=False) == created
    assert sent(row, said, exists=True, has="old") == changed
    assert sent(row, said, exists=True, has=changed) is None


CLEARED = {"direct": "displayName", "clear": True}


def cleared(size: int, *, has: str | None = "Boss", row: object = CLEARED) -> World:
    """Users whose displayName Entra ID does not give out any more."""
    mapping = {**NEEDED_ROWS, "userName": "userPrincipalName", TITLE: row}
    world = World(mapping=mapping)
    for at in range(size):
        world.person(f"ana{at}", "Sales Team", displayName=None)
        world.account(f"ana{at}", "Sales Team", title=has)
    return world


def test_a_cleared_row_removes_the_value_of_an_account_that_exists() -> None:
    (operation,) = cleared(1).plan().operations
    assert operation.kind is Kind.UPDATE_ACCOUNT
    assert (operation.before.attributes, operation.after.attributes) == (
        {TITLE: "Boss"},
        {TITLE: None},
    )
    assert in_words(operation) == "is updated: job title: Boss \u2192 (absent)"
    assert cleared(1, has=None).plan().operations == ()
    assert sent(CLEARED, None, exists=False) is None


def test_nothing_is_removed_where_a_user_was_not_read() -> None:
    world = cleared(1)
    world.people[guid("ana0")]["accountEnabled"] = None
    assert world.plan().operations == ()


@pytest.mark.parametrize(
    "expression", ["IgnoreFlowIfNullOrEmpty([displayName])", "IgnoreAttributeFlow", 'CDate("soon")']
)
def test_what_an_expression_withholds_is_neither_removed_nor_given_a_default(
    expression: str,
) -> None:
    row = {"expression": expression}
    assert cleared(1, row={**row, "clear": True}).plan().operations == ()
    assert sent({**row, "default_if_null": "Member"}, None, exists=False) is None


def test_an_undo_gives_a_removed_value_back() -> None:
    world = cleared(1)
    done = world.plan()
    world.accounts["acc-ana0"][TITLE] = None
    back = undo(
        world.settings(),
        world.snapshot(),
        PlanContext("0d0", NOW, "0.1.0"),
        Done("run1", done.operations),
    )
    assert [one.after.attributes for one in back.operations] == [{TITLE: "Boss"}]


def test_a_plan_that_removes_a_value_is_dropped_when_there_is_one_again() -> None:
    world = cleared(1)
    plan = world.plan()
    assert source_drift(plan, world.evaluation()) == {}
    world.people[guid("ana0")]["displayName"] = "Ana"
    assert source_drift(plan, world.evaluation()) == {guid("ana0"): "title changed in Entra ID"}


def test_r28_blocks_a_plan_by_which_many_accounts_lose_an_attribute() -> None:
    assert cleared(5).plan().objections == ()
    (verdict,) = cleared(6).plan().objections
    assert (verdict.code, verdict.outcome, verdict.overridable) == ("R28", Outcome.BLOCKED, True)
    assert verdict.message == (
        "6 of 6 accounts would lose their title, since Entra ID has no value for it any more; the "
        "limit is 5 accounts."
    )
