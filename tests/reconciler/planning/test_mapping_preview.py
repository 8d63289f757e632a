"""What the mapping makes of a user, beside what the vendor has, and what a plan would send."""

import numpy as np
import pytest

from config.attribute_mapping import AttributeMapping
from reconciler.columns import frames
from reconciler.planning.mapping_preview import (
    ALIKE,
    DEFAULT,
    LEFT,
    NO_VALUE,
    NOTHING,
    ON_CREATE,
    AttributePreview,
    preview_of_new_accounts,
    preview_of_users,
)
from support.worlds.world import NEEDED_ROWS, NOW, World, guid

MAPPING = {
    **NEEDED_ROWS,
    "userName": "userPrincipalName",
    "title": {"direct": "displayName", "default_if_null": "Member"},
    "nickName": {"direct": "givenName", "apply": "on_create"},
    "locale": "surname",
}


def a_world() -> World:
    return World(mapping=MAPPING)


def rows_of(world: World) -> dict[str, AttributePreview]:
    """The only user's rows by their SCIM path."""
    (only,) = preview_of_users(world.evaluation(), np.array([0]))
    assert only.user.name == "ana@example.org"
    return {row.target: row for row in only.rows}


def test_of_an_account_that_exists_what_differs_is_sent() -> None:
    world = a_world()
    world.person("ana", "Sales Team", surname=None)
    world.account("ana", "Sales Team", title="Boss", nickName="Old", locale="en", active=False)
    rows = rows_of(world)
    told = {path: (row.result, row.sent, row.vendor, row.why) for path, row in rows.items()}
    assert told == {
        "userName": ("ana@example.org", None, "ana@example.org", ALIKE),
        "active": ("True", True, "False", ""),
        "externalId": (guid("ana"), None, guid("ana"), ALIKE),
        "title": (None, None, "Boss", NO_VALUE),
        "nickName": ("Ana", None, "Old", ON_CREATE),
        "locale": (None, None, "en", NO_VALUE),
    }
    assert rows["active"].source == {"IsSoftDeleted": "False"}
    assert rows["externalId"].source == {"objectId": guid("ana")}


def test_a_new_account_gets_everything_that_has_a_value() -> None:
    world = a_world()
    world.person("ana", "Sales Team", surname=None)
    told = {path: (row.sent, row.why) for path, row in rows_of(world).items()}
    assert told["active"] == (True, "")
    assert told["title"] == ("Member", DEFAULT)
    assert told["nickName"] == ("Ana", "")
    assert told["locale"] == (None, NOTHING)


def test_of_a_user_who_is_kept_from_any_change_nothing_is_sent() -> None:
    world = a_world()
    world.person("ana", "Sales Team", userType="Guest")
    (only,) = preview_of_users(world.evaluation(), np.array([0]))
    assert only.kept == "U13"
    assert {(row.sent, row.why) for row in only.rows} == {(None, LEFT)}


@pytest.mark.parametrize(("gone", "active", "title"), [(False, True, "Member"), (True, None, None)])
def test_users_of_a_file_are_taken_for_new_ones(
    gone: bool, active: bool | None, title: str | None
) -> None:
    people = frames.frame(frames.PEOPLE, [{"id": guid("ana"), "givenName": "Ana"}])
    mapping = AttributeMapping.parse(MAPPING)
    (only,) = preview_of_new_accounts(mapping, people, np.array([gone]), NOW)
    sent = {row.target: row.sent for row in only.rows}
    assert (sent["active"], sent["title"]) == (active, title)
    assert {row.vendor for row in only.rows} == {None}


def test_why_an_expression_has_no_value_for_a_user_is_told() -> None:
    people = frames.frame(frames.PEOPLE, [{"id": guid("ana"), "surname": "soon"}])
    mapping = AttributeMapping.parse({**MAPPING, "locale": "CDate([surname])"})
    (only,) = preview_of_new_accounts(mapping, people, np.array([False]), NOW)
    told = {row.target: (row.result, row.sent, row.why) for row in only.rows}
    assert told["locale"] == (None, None, '"soon" is no date such as 2020-03-16')
