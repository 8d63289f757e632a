"""The secrets that this process holds: no text that it writes may repeat one.

Whatever library fails, its words may have a header, an address, or all that it was called with. And
whoever is asked may repeat what it was sent, in an error or among the data.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, quote_plus

SHORTEST = 4
"""Characters. What is shorter stands in ordinary words, and hiding it there would give it away."""

LONG = 16
"""Characters. What is shorter may stand in somebody's name, and data are not to be falsified."""

_held: set[str] = set()


def held(secret: str) -> str:
    """The same secret, which `without_secrets` knows from now on, as others write it, too."""
    if len(secret) >= SHORTEST:
        _held.update(_forms(secret))
    return secret


def forget() -> None:
    """For a process that goes on to another configuration: it has none of the secrets any more."""
    _held.clear()


def without_secrets(text: str, shortest: int = SHORTEST) -> str:
    """The text with three stars in the place of every secret that is not shorter."""
    for secret in sorted(_held, key=len, reverse=True):
        if len(secret) >= shortest:
            text = text.replace(secret, "***")
    return text


def _forms(secret: str) -> Iterator[str]:
    """As it is, in an address, in a form (with either case of %2F), in JSON, and in HTML."""
    yield secret
    for quoted in (quote(secret, safe=""), quote_plus(secret)):
        yield quoted
        yield re.sub("%..", lambda escaped: escaped[0].lower(), quoted)
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield escape(secret)
