"""Asks Graph for each user which of some groups they are in: checkMemberGroups."""

from collections.abc import Collection, Mapping
from urllib.parse import quote

import orjson
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from connectors.entra.batch import batch
from connectors.entra.transport import GraphTransport
from connectors.errors import Unreachable

IN_ONE_CHECK = 20
"""Groups that Graph takes in one checkMemberGroups."""


async def check_member_groups(
    transport: GraphTransport, questions: Mapping[str, Collection[str]]
) -> dict[str, set[str] | None]:
    """Per user (object id) those of the groups that they are in; None if Graph finds no such user.

    Nested groups count: Graph also names groups that contain a group of theirs. One request asks
    for twenty pairs of a user and up to twenty groups.

    Raises:
        CounterpartError: they could not all be asked for.
    """
    parts = [
        (person, ordered[start : start + IN_ONE_CHECK])
        for person, groups in questions.items()
        for ordered in [sorted(groups)]
        for start in range(0, len(ordered), IN_ONE_CHECK)
    ]
    answers = await batch(transport, [_check(transport, *part) for part in parts])
    found: dict[str, set[str] | None] = {person: set() for person in questions}
    for (person, asked), answer in zip(parts, answers, strict=True):
        inside = found[person]
        if answer is None or inside is None:
            found[person] = None
            continue
        named = answer.get("value")
        if not isinstance(named, list) or not all(group in asked for group in named):
            raise Unreachable("asking for a user's groups", "the answer names other groups")
        inside.update(named)
    return found


def _check(transport: GraphTransport, person: str, groups: list[str]) -> RequestInformation:
    """Without the SDK's builder: of a thousand leavers there are thousands of these."""
    check = RequestInformation(Method.POST)
    check.url = f"{transport.base_url}/users/{quote(person, safe='')}/checkMemberGroups"
    check.set_stream_content(orjson.dumps({"groupIds": groups}), "application/json")
    return check
