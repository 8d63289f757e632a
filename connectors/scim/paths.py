"""SCIM attribute paths, as the attribute mapping names them, in resources and payloads.

Three forms are known: ``userName``, ``name.givenName`` and ``emails[type eq "work"].value``; each
may stand in an extension, after its URN and a colon.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Resource: TypeAlias = dict[str, Any]
Value: TypeAlias = str | bool

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_PATH = re.compile(
    r'((?P<schema>urn:[\w:.-]+):)?(?P<attribute>\w+)(\[type eq "(?P<type>\w+)"\])?(\.(?P<sub>\w+))?'
)


def pick(resource: Resource, path: str) -> str | None:
    """The value at a path as text, None if it is absent or empty."""
    attribute, kind, sub = _parts(path)
    schema = _schema(path)
    holder = resource.get(schema) if schema else resource
    value = holder.get(attribute) if isinstance(holder, dict) else None
    if kind:
        entries = value if isinstance(value, list) else []
        typed = (e for e in entries if isinstance(e, dict) and str(e.get("type")).lower() == kind)
        value = next(typed, None)
    if sub:
        value = value.get(sub) if isinstance(value, dict) else None
    return None if value is None or value == "" else str(value)


def external_id(resource: Resource) -> str | None:
    """Its externalId; of an object id all spellings are one (RFC 9562, section 4)."""
    said = pick(resource, "externalId")
    bare = said.strip().strip("{}").lower() if said else ""
    return bare if _GUID.fullmatch(bare) else said


def mails(resource: Resource) -> set[str]:
    """All its mail addresses, of whatever type (RFC 7643, section 4.1.2)."""
    said = resource.get("emails")
    entries = said if isinstance(said, list) else []
    found = (entry.get("value") for entry in entries if isinstance(entry, dict))
    return {str(value) for value in found if value}


def is_active(resource: Resource) -> bool | None:
    """``active`` as a boolean; some servers say it as text."""
    return {"true": True, "false": False}.get(str(resource.get("active")).lower())


def build(attributes: Mapping[str, Value]) -> Resource:
    """The resource whose paths have these values."""
    resource: Resource = {}
    for path, value in attributes.items():
        attribute, kind, sub = _parts(path)
        if kind:
            _, entry = new_entry(path, value)
            entries = resource.setdefault(attribute, [])
            entries.append(entry if entries else {**entry, "primary": True})
        elif sub:
            resource.setdefault(attribute, {})[sub] = value
        else:
            resource[attribute] = value
    return resource


def is_entry(path: str) -> bool:
    """Whether the path leads into one entry of several, which may be absent."""
    return _parts(path)[1] is not None


def new_entry(path: str, value: Value) -> tuple[str, Resource]:
    """The attribute that holds several entries, and the one of this path and value."""
    attribute, kind, sub = _parts(path)
    return attribute, {"type": kind, sub or "value": value}


def whole(path: str) -> str:
    """The path of what is removed as one: an entry of several with all it says, or the value."""
    return path.partition("].")[0] + "]" if is_entry(path) else path


def _schema(path: str) -> str | None:
    match = _PATH.fullmatch(path)
    return match["schema"] if match else None


def _parts(path: str) -> tuple[str, str | None, str | None]:
    match = _PATH.fullmatch(path)
    if not match:
        raise ValueError(f'"{path}" is not a path that is known here')
    return match["attribute"], match["type"], match["sub"]
