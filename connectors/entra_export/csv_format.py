"""The rows of a CSV export, in the shape of a JSON export."""

from pathlib import Path
from typing import Any

from config.field_types import is_guid
from connectors.entra_export.property_names import COLUMNS
from connectors.errors import CounterpartError
from connectors.files.csv_file import CsvFile, read_csv_file

NEEDED = ("groupId", "group", "id", "userPrincipalName", "mail", "accountEnabled")
OWN = {"groupId", "group", "memberType", "deleted"}
"""Columns that are no attributes of a user."""

FLAGS: dict[str, bool | None] = {"true": True, "false": False, "": None}


def read_table(path: Path, what: str) -> dict[str, Any]:
    """Groups, users and deletedUsers, not checked any further; what the closing row says.

    Raises:
        CounterpartError: it cannot be read, is no such table, or contradicts itself; `what` begins
            the text.
    """
    table = read_csv_file(path, what, COLUMNS)
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise CounterpartError(what, f"it has no column {', '.join(missing)}")
    groups: dict[str, dict[str, Any]] = {}
    users: dict[str, dict[str, Any]] = {}
    deleted: dict[str, dict[str, Any]] = {}
    for line, row in table.rows:
        place = f"{what}, line {line}"
        group = _group(groups, row, place)
        member = _id(row, "id", place)
        if not member:
            continue
        kind = row.get("memberType", "").strip() or "user"
        if kind not in {"user", "group"}:
            raise CounterpartError(place, f'memberType "{kind}" is neither user nor group')
        if group is not None:
            group["memberGroups" if kind == "group" else "members"].append(member)
        if kind == "user":
            home = deleted if _flag(row, "deleted", place) else users
            user = _user(row, member, place)
            if home.setdefault(member, user) != user:
                raise CounterpartError(place, f"user {member} differs from an earlier line")
    return {
        "groups": list(groups.values()),
        "users": list(users.values()),
        "deletedUsers": list(deleted.values()),
        **_closing(table, what),
    }


def _id(row: dict[str, str], name: str, place: str) -> str:
    """In lower case; nothing where the cell is empty."""
    value = row[name].strip().lower()
    if value and not is_guid(value):
        raise CounterpartError(place, f"{name} is no id of Entra")
    return value


def _group(
    groups: dict[str, dict[str, Any]], row: dict[str, str], place: str
) -> dict[str, Any] | None:
    group_id, name = _id(row, "groupId", place), row["group"]
    if not group_id:
        return None
    fresh = {"id": group_id, "displayName": name, "members": [], "memberGroups": []}
    group = groups.setdefault(group_id, fresh)
    if group["displayName"] != name:
        raise CounterpartError(place, f'group {group_id} was "{group["displayName"]}" before')
    return group


def _user(row: dict[str, str], member: str, place: str) -> dict[str, Any]:
    attributes = {name: cell or None for name, cell in row.items() if name not in OWN}
    enabled = _flag(row, "accountEnabled", place)
    return attributes | {"id": member, "accountEnabled": enabled}


def _flag(row: dict[str, str], name: str, place: str) -> bool | None:
    text = row.get(name, "").strip().lower()
    if text not in FLAGS:
        raise CounterpartError(place, f"{name} is neither true nor false")
    return FLAGS[text]


def _closing(table: CsvFile, what: str) -> dict[str, Any]:
    """Of ``#end``, the number of rows before it and, if it is there, the time of the export."""
    if table.closing is None:
        return {}
    _, count, exported, *others = (*map(str.strip, table.closing), "", "")
    rows = f"{len(table.rows)}"
    if count != rows or any(others):
        raise CounterpartError(
            what, f'its last row says "{count}" rows, and {rows} are before it: it is not whole'
        )
    return {"whole": True} | ({"exported": exported} if exported else {})
