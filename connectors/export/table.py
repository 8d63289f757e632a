"""The rows of a CSV export, in the shape of a JSON export."""

import csv
from pathlib import Path
from typing import Any

from config.values import is_guid
from connectors.errors import ConnectorError

NEEDED = ("groupId", "group", "id", "userPrincipalName", "mail", "accountEnabled")
OWN = {"groupId", "group", "memberType", "deleted"}
"""Columns that are no attributes of a user."""

FLAGS: dict[str, bool | None] = {"true": True, "false": False, "": None}


def read_table(path: Path, what: str) -> dict[str, list[dict[str, Any]]]:
    """Groups, users and deletedUsers, not checked any further.

    Raises:
        OSError: the file cannot be read.
        ConnectorError: it is no such table, or contradicts itself; `what` begins the text.
    """
    groups: dict[str, dict[str, Any]] = {}
    users: dict[str, dict[str, Any]] = {}
    deleted: dict[str, dict[str, Any]] = {}
    for line, row in _rows(path, what):
        place = f"{what}, line {line}"
        group = _group(groups, row, place)
        if not row["id"]:
            continue
        kind = row.get("memberType") or "user"
        if kind not in {"user", "group"}:
            raise ConnectorError(place, f'memberType "{kind}" is neither user nor group')
        if group is not None:
            group["memberGroups" if kind == "group" else "members"].append(row["id"])
        if kind == "user":
            home = deleted if _flag(row, "deleted", place) else users
            user = _user(row, place)
            if home.setdefault(row["id"], user) != user:
                raise ConnectorError(place, f"user {row['id']} differs from an earlier line")
    return {
        "groups": list(groups.values()),
        "users": list(users.values()),
        "deletedUsers": list(deleted.values()),
    }


def _rows(path: Path, what: str) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise ConnectorError(what, f"it has no column {', '.join(missing)}")
            rows = [(reader.line_num, row) for row in reader]
        except (csv.Error, UnicodeDecodeError):
            raise ConnectorError(f"{what}, line {reader.line_num + 1}", "it is not CSV") from None
    for line, row in rows:
        if None in row or None in row.values():
            raise ConnectorError(f"{what}, line {line}", "it has not as many cells as the header")
        for name in ("groupId", "id"):
            row[name] = row[name].strip().lower()
            if row[name] and not is_guid(row[name]):
                raise ConnectorError(f"{what}, line {line}", f"{name} is no id of Entra")
    return [(line, {name: cell.strip() for name, cell in row.items()}) for line, row in rows]


def _group(
    groups: dict[str, dict[str, Any]], row: dict[str, str], place: str
) -> dict[str, Any] | None:
    if not row["groupId"]:
        return None
    fresh = {"id": row["groupId"], "displayName": row["group"], "members": [], "memberGroups": []}
    group = groups.setdefault(row["groupId"], fresh)
    if group["displayName"] != row["group"]:
        raise ConnectorError(place, f'group {row["groupId"]} was "{group["displayName"]}" before')
    return group


def _user(row: dict[str, str], place: str) -> dict[str, Any]:
    attributes = {name: cell or None for name, cell in row.items() if name not in OWN}
    return attributes | {"accountEnabled": _flag(row, "accountEnabled", place)}


def _flag(row: dict[str, str], name: str, place: str) -> bool | None:
    text = row.get(name, "").lower()
    if text not in FLAGS:
        raise ConnectorError(place, f"{name} is neither true nor false")
    return FLAGS[text]
