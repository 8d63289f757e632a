"""A tenant's content as a CSV export of the directory has it."""

import csv
import json
from io import StringIO
from typing import Any

ATTRIBUTES = (
    *("id", "userPrincipalName", "mail", "displayName", "givenName", "surname"),
    *("accountEnabled", "userType"),
)


def as_csv(content: dict[str, list[dict[str, Any]]]) -> str:
    """Every membership, every group without members, everybody who is in no group."""
    users = {user["id"]: user for user in content["users"]}
    deleted = {user["id"]: user for user in content.get("deletedUsers", [])}
    groups = {group["id"]: group for group in content["groups"]}
    rows: list[dict[str, Any]] = []
    for group in content["groups"]:
        named = {"groupId": group["id"], "group": group["displayName"]}
        rows += [{**named, **_shown(users[member])} for member in group.get("members", ())]
        rows += [
            {**named, "memberType": "group", "id": groups[nested]["id"]}
            for nested in group.get("memberGroups", ())
        ]
        rows += [] if group.get("members") or group.get("memberGroups") else [named]
    rows += [_shown(user) for user in users.values()]
    rows += [{**_shown(user), "deleted": "TRUE"} for user in deleted.values()]
    text = StringIO()
    writer = csv.DictWriter(text, ("groupId", "group", "memberType", *ATTRIBUTES, "deleted"))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def proven(text: str, form: str) -> str:
    """The same export, which proves that it is whole."""
    if form == "csv":
        return f"{text}#end,{len(text.splitlines()) - 1}\n"
    content = json.loads(text)
    counts = {f"{name}@odata.count": len(content[name]) for name in ("users", "groups")}
    return json.dumps(counts | content)


def _shown(user: dict[str, Any]) -> dict[str, Any]:
    shown = {name: user.get(name) for name in ATTRIBUTES}
    return shown | {"accountEnabled": {True: "true", False: "false"}.get(shown["accountEnabled"])}
