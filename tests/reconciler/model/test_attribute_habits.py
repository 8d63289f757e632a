"""What a vendor keeps its own way is compared that way, told once, and sent no more."""

import pandas as pd
import pytest

from reconciler.columns.frames import TEXT
from reconciler.model.attribute_habits import Way, all_spelled, explanation, spelled
from support.worlds.world import MAIL, World, codes, kinds, messages

GIVEN = "name.givenName"


@pytest.mark.parametrize(
    ("asked", "kept", "ways"),
    [
        ("Ana", "Ana", set()),
        (" Ana  Abel ", "Ana Abel", {Way.BLANKS}),
        ("Mu\u0308ller", "M\u00fcller", {Way.UNICODE}),
        ("McAdam", "MCADAM", {Way.CASE}),
        (" Mu\u0308ller", "m\u00fcller", {Way.BLANKS, Way.UNICODE, Way.CASE}),
        ("Ana", "Eva", None),
    ],
)
def test_the_fewest_ways_explain_what_is_kept(asked: str, kept: str, ways: set[Way] | None) -> None:
    assert explanation(asked, kept) == ways


@pytest.mark.parametrize("way", Way)
def test_a_column_is_spelled_as_each_of_its_values(way: Way) -> None:
    values = [" Ana  Abel ", "Mu\u0308ller", "STRASSE", "", None]
    column = all_spelled(pd.Series(values, dtype=TEXT), frozenset({way}))
    told = [None if value is pd.NA else value for value in column]
    assert told == [
        value if value is None else spelled(value, frozenset({way})) for value in values
    ]


def trimmed() -> World:
    world = World()
    world.settled("zoe", "Sales Team")
    world.account("ana", "Sales Team", **{GIVEN: "Ana"})
    world.person("ana", "Sales Team", givenName="Ana ")
    return world


def test_v12_another_spelling_of_the_same_is_no_change_and_is_told_once() -> None:
    world = trimmed()
    assert kinds(world.plan()) == [("update_account", "ana")]
    world.ways = {GIVEN: frozenset({Way.BLANKS})}
    plan = world.plan()
    assert kinds(plan) == []
    (told,) = messages(plan, "V12")
    assert f"keeps {GIVEN} without superfluous blanks: 1 account has" in told
    world.accounts["acc-ana"][GIVEN] = "Eva"
    assert kinds(world.plan()) == [("update_account", "ana")]


def test_v13_what_the_vendor_never_changes_is_not_sent_and_the_rest_is() -> None:
    world = World()
    world.account("ana", "Sales Team", userName="maiden@example.org", **{GIVEN: "Eva"})
    world.person("ana", "Sales Team")
    world.ways = {"userName": frozenset({Way.FIXED})}
    plan = world.plan()
    (update,) = plan.operations
    assert update.after.attributes == {GIVEN: "Ana"}
    (told,) = messages(plan, "V13")
    assert "userName" in told
    assert "ana@example.org" in told


def test_where_the_mail_address_is_the_user_name_it_is_compared_with_that() -> None:
    world = World()
    world.account("ana", "Sales Team", userName="a@example.org", **{MAIL: "a@example.org"})
    world.person("ana", "Sales Team", mail="a@example.org")
    assert kinds(world.plan()) == [("update_account", "ana")]
    world.ways = {"userName": frozenset({Way.MAIL})}
    plan = world.plan()
    assert kinds(plan) == []
    assert "V12" in codes(plan)


def test_v20_no_account_is_planned_without_an_attribute_that_the_vendor_requires() -> None:
    world = World()
    world.settled("zoe", "Sales Team")
    world.person("ana", "Sales Team")
    world.habits = {"required": frozenset({"displayName"})}
    plan = world.plan()
    assert kinds(plan) == []
    (told,) = messages(plan, "V20")
    assert "ana@example.org gets no account" in told
    assert "none without displayName" in told


def test_an_attribute_that_is_mapped_may_be_required() -> None:
    world = World()
    world.person("ana", "Sales Team")
    world.habits = {"required": frozenset({GIVEN})}
    assert "create_account" in [kind for kind, _ in kinds(world.plan())]
