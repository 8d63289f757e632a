"""SCIM attribute paths, as the attribute mapping names them, in resources and payloads."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any, TypeAlias

from config.scim_attribute_path import ScimPath

Resource: TypeAlias = dict[str, Any]
Value: TypeAlias = str | bool | None
"""None is no value."""

USER = "urn:ietf:params:scim:schemas:core:2.0:User"

_FLAGS = {"true": True, "1": True, "false": False, "0": False}

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")


def pick(resource: Resource, path: str) -> str | None:
    """The value at a path as text, None if it is absent or empty."""
    return reader(path)(resource)


@cache
def reader(path: str) -> Callable[[Resource], str | None]:
    """What gives of each resource the value at this path, as `pick` does."""
    at = ScimPath.parse(path)
    schema, attribute, kind, sub = at.schema, at.attribute, at.type, at.sub

    def read(resource: Resource) -> str | None:
        holder = resource.get(schema) if schema else resource
        value = holder.get(attribute) if isinstance(holder, dict) else None
        if kind:
            value = _entry(value, kind)
        elif isinstance(value, list) and len(value) == 1:  # some servers make a list of anything
            value = value[0]
        if sub:
            value = value.get(sub) if isinstance(value, dict) else None
        return None if value is None or value == "" else str(value)

    def read_text(resource: Resource) -> str | None:
        """The same in half the time, where it is what nearly all servers send: text or nothing."""
        value = resource.get(attribute)
        if sub and type(value) is dict:
            value = value.get(sub)
        elif sub and value is not None:
            return read(resource)
        return value if value is None or (value and type(value) is str) else read(resource)

    return read if schema or kind else read_text


_said_external_id = reader("externalId")


def _entry(entries: object, kind: str) -> Resource | None:
    """The entry of this type; if the server gives no types at all, the primary or only one."""
    found = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    for entry in found:
        if str(entry.get("type")).lower() == kind:
            return entry
    if any(e.get("type") for e in found):
        return None
    primary = [e for e in found if e.get("primary")] or found
    return primary[0] if len(primary) == 1 else None


def merged(resource: Resource, attributes: Mapping[str, Value]) -> Resource:
    """A copy of the resource in which these paths have these values; None takes one away."""
    changed: Resource = deepcopy(resource)
    for path, value in attributes.items():
        at = ScimPath.parse(path)
        holder = changed.setdefault(at.schema, {}) if at.schema else changed
        held = holder.get(at.attribute)
        if value is None:
            _take_away(holder, at)
        elif at.type:
            holder[at.attribute] = _with_entry(held, at.type, {at.sub or "value": value})
        elif at.sub:
            holder[at.attribute] = {**(held if isinstance(held, dict) else {}), at.sub: value}
        else:
            holder[at.attribute] = value
    return changed


def _take_away(holder: Resource, at: ScimPath) -> None:
    held = holder.get(at.attribute)
    if at.type:
        entries: list[Resource] = held if isinstance(held, list) else []
        old = _entry(entries, at.type)
        rest = (_without(entry, at.sub) if entry is old else entry for entry in entries)
        holder[at.attribute] = [entry for entry in rest if entry]
    elif at.sub and isinstance(held, dict):
        holder[at.attribute] = {name: part for name, part in held.items() if name != at.sub}
    else:
        holder.pop(at.attribute, None)


def _without(entry: Resource, part: str | None) -> Resource:
    """The entry without this part; nothing, where it has no other that says something."""
    rest = {name: value for name, value in entry.items() if name != part}
    return rest if part != "value" and rest.keys() - {"type", "primary"} else {}


def _with_entry(entries: object, kind: str, said: Resource) -> list[Resource]:
    """The entries with exactly one of this type, changed or new; those of other types stay."""
    found = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    old = _entry(found, kind)
    stay = [e for e in found if e is old or str(e.get("type")).lower() != kind]
    new = {**(old or {}), "type": kind, **said}
    changed = [new if entry is old else entry for entry in stay] + ([] if old else [new])
    if not any(entry.get("primary") for entry in changed):
        new["primary"] = True
    return changed


def holder_of(path: str) -> str:
    """The top of a path: the attribute, or the extension that it belongs to."""
    at = ScimPath.parse(path)
    return at.schema or at.attribute


def external_id(resource: Resource) -> str | None:
    """Its externalId; an object id in lower case and without braces (RFC 9562, section 4)."""
    said = _said_external_id(resource)
    if said is None or _GUID.fullmatch(said):
        return said
    bare = said.strip().strip("{}").lower()
    return bare if _GUID.fullmatch(bare) else said


def mails(resource: Resource) -> set[str]:
    """All its mail addresses, of whatever type (RFC 7643, section 4.1.2)."""
    said = resource.get("emails")
    entries = said if isinstance(said, list) else []
    return {
        str(value) for entry in entries if isinstance(entry, dict) and (value := entry.get("value"))
    }


def is_active(resource: Resource) -> bool | None:
    """``active`` as a boolean; some servers send it as text, or as a number."""
    said = resource.get("active")
    return said if isinstance(said, bool) else _FLAGS.get(str(said).strip().lower())


def build(attributes: Mapping[str, Value]) -> Resource:
    """The user whose paths have these values, exactly as Entra has them.

    The server decides whether they are valid names and addresses (RFC 7643, section 4.1).
    """
    extensions = {at.schema for at in map(ScimPath.parse, attributes) if at.schema}
    return {"schemas": [USER, *sorted(extensions)], **merged({}, attributes)}


def is_entry(path: str) -> bool:
    """Whether the path leads into one entry of several, which may be absent."""
    return ScimPath.parse(path).type is not None


def has_entry(resource: Resource, path: str) -> bool:
    """Whether there is the entry of several that the path leads into."""
    at = ScimPath.parse(path)
    return bool(at.type and _entry(resource.get(at.attribute), at.type))


def new_entries(attributes: Mapping[str, Value]) -> list[tuple[str, Resource]]:
    """The entries that these paths make, each with the attribute that it is one of."""
    entries: dict[tuple[str, str | None], Resource] = {}
    for path, value in attributes.items():
        at = ScimPath.parse(path)
        entry = entries.setdefault((at.attribute, at.type), {"type": at.type})
        entry[at.sub or "value"] = value
    return [(attribute, entry) for (attribute, _), entry in entries.items()]


def whole(path: str) -> str:
    """The path of what is removed as one: a whole entry of several, or else the value or part."""
    return path.removesuffix(".value") if is_entry(path) else path
