"""Which mapped attributes are sent to an account that is created, and which to one that exists."""

from typing import Any

import pytest

from reconciler.model.plan import Kind
from support.worlds.world import NEEDED_ROWS, World

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
