"""A SCIM server of a few users on loopback, whose ways of changing attributes can be bent."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

BY_PATH = {
    "path of an attribute": True,
    "path of an entry": True,
    "leave by filter": True,
    "join by path": True,
    "remove": True,
}
"""What is known of a server that is changed by paths: nothing is tried out."""

Resource = dict[str, Any]


class No(Exception):
    """A refusal: its status, and RFC 7644's scimType."""

    def __init__(self, status: int, scim_type: str = "") -> None:
        super().__init__(status)
        self.status = status
        self.scim_type = scim_type


@dataclass
class UserServer:
    """`refuses` looks at a method and an operation, `keeps` makes its own of what was changed.

    `keeps` gets the user before and after the change, and gives the one that is kept;
    `keeps_entries` likewise, of changes by a path with a filter alone. `asked` has the method and
    the operations (or the body) of every write.
    """

    users: dict[str, Resource]
    refuses: Callable[[str, Resource], None] = lambda method, operation: None
    keeps: Callable[[Resource, Resource], Resource] = lambda before, after: after
    keeps_entries: Callable[[Resource, Resource], Resource] = lambda before, after: after
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        at = request.path.rpartition("/")[2]
        if at not in self.users:
            return Response("{}", status=404)
        if request.method == "GET":
            return Response(json.dumps(self.users[at]))
        body = json.loads(request.data)
        self.asked.append((request.method, body.get("Operations", body)))
        before, after = self.users[at], json.loads(json.dumps(self.users[at]))
        try:
            for operation in body.get("Operations", [body]):
                self.refuses(request.method, operation)
                if request.method == "PUT":
                    after = operation
                else:
                    _apply(after, operation)
        except No as no:
            said = json.dumps({"detail": "no", "scimType": no.scim_type})
            return Response(said, status=no.status)
        if any("[" in str(o.get("path")) for o in body.get("Operations", [])):
            after = self.keeps_entries(before, after)
        self.users[at] = self.keeps(before, after)
        return Response(json.dumps(self.users[at]))


def _apply(user: Resource, operation: Resource) -> None:
    path, value = operation.get("path"), operation.get("value")
    if operation["op"] == "remove":
        _remove(user, path)
    elif entry := re.fullmatch(_PART, path or ""):
        hits = [e for e in user.get(entry[1], []) if e.get("type") == entry[2]]
        if not hits:
            raise No(400, "noTarget")
        hits[0][entry[3]] = value
    elif not path:
        user.update(value)
    elif operation["op"] == "add":
        user.setdefault(path, []).extend(value)
    else:
        holder, name = _holder(user, path)
        holder[name] = value


def _remove(user: Resource, path: str) -> None:
    if entry := re.fullmatch(r'(\w+)\[type eq "(\w+)"\]', path):
        user[entry[1]] = [e for e in user[entry[1]] if e.get("type") != entry[2]]
    elif entry := re.fullmatch(_PART, path):
        for one in user[entry[1]]:
            if one.get("type") == entry[2]:
                one.pop(entry[3], None)
    else:
        holder, name = _holder(user, path)
        holder.pop(name, None)


_PART = r'(\w+)\[type eq "(\w+)"\]\.(\w+)'


def _holder(user: Resource, path: str) -> tuple[Resource, str]:
    """What holds the value at a path without a filter, and by which name."""
    schema, _, plain = path.rpartition(":")
    top, _, sub = plain.rpartition(".")
    holder = user.setdefault(schema, {}) if schema else user
    return (holder.setdefault(top, {}) if top else holder), sub
