"""The configuration that `seatsync init` writes, and what has to be filled in there."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config.settings import Settings

STARTING_FILE = Path(__file__).parent / "seatsync.yaml"
_IN_LINES = {"directory", "vendor", "policy"}
"""Its sections of which this replaces single lines."""

_NO_ID = "00000000-0000-0000-0000-000000000000"
_NO_HOST = ".example"
"""Nobody's, for ever (RFC 2606)."""


def starting_file(today: date) -> bytes:
    """With an API token of today, for a new one is generated when seatsync is set up."""
    return filled_in({"vendor": {"token_issued": today}})


def filled_in(document: Mapping[str, Any]) -> bytes:
    """The starting file, comments and all, with these values in the place of its own.

    `document` has the shape of the file; what it lacks stays as it is.
    """
    text = STARTING_FILE.read_text("utf-8")
    for key, value in document.items():
        if key == "subscription_sets":
            text = _entries(text, key, value)
        elif isinstance(value, Mapping) and key in _IN_LINES:
            text = _section(text, key, value)
        else:
            text = _line(text, "", key, value)
    return text.encode()


def _section(text: str, name: str, values: Mapping[str, Any]) -> str:
    before, _, rest = text.partition(f"\n{name}:")
    section, blank, after = rest.partition("\n\n")
    for key, value in values.items():
        section = _line(section, "  ", key, value)
    return f"{before}\n{name}:{section}{blank}{after}"


def _entries(text: str, key: str, values: Iterable[Any]) -> str:
    lines = "".join(f"  - {_flow(each)}\n" for each in values)
    return re.sub(rf"(?m)(?<=^{key}:\n)(?:  - .*\n)+", lambda _: lines, text)


def _line(text: str, indent: str, key: str, value: Any) -> str:
    """The first line of this key, also where it is commented out; what it tells stays beside it."""
    place = re.compile(rf"(?m)^{indent}(?:# )?{key}: [^#\n]*?( *#.*)?$")

    def written(found: re.Match[str]) -> str:
        comment = (found[1] or "").strip()
        return f"{f'{indent}{key}: {_flow(value)}':50}  {comment}".rstrip()

    text, replaced = place.subn(written, text, count=1)
    if not replaced:
        raise KeyError(key)
    return text


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    match value:
        case Mapping():
            return f"{{{', '.join(f'{_flow(key)}: {_flow(one)}' for key, one in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(_flow, value))}]"
        case str():
            return value if _reads_as_itself(value) else json.dumps(value, ensure_ascii=False)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _reads_as_itself(text: str) -> bool:
    """Whether YAML takes it for that text, also between brackets: then it needs no quotes."""
    try:
        return bool(YAML(typ="safe").load(f"[{text}]") == [text])
    except (YAMLError, ValueError):  # ValueError: a date that is none
        return False


def left_as_in_the_template(settings: Settings) -> Iterator[str]:
    """Each place that still has what no tenant and no vendor has."""
    directory, vendor = settings.directory, settings.vendor
    if directory.tenant_id == _NO_ID:
        yield "directory.tenant_id is the template's. It is in the Entra admin center, Overview."
    if getattr(directory, "client_id", "") == _NO_ID:
        yield "directory.client_id is the template's. It is that of your app, App registrations."
    if (vendor.base_url.partition("://")[2].partition("/")[0]).endswith(_NO_HOST):
        yield f"vendor.base_url is the template's. It is on {vendor.name}'s page Auto Provisioning."
