"""The secrets that this process holds: no text that it writes may repeat one.

Whatever library fails, its words may have a header, an address, or all that it was called with.
"""

from urllib.parse import quote

SHORTEST = 4
"""Characters. What is shorter stands in ordinary words, and hiding it there would give it away."""

_held: set[str] = set()


def held(secret: str) -> str:
    """The same secret, which `without_secrets` knows from now on, as it is and as in an address."""
    if len(secret) >= SHORTEST:
        _held.update((secret, quote(secret, safe="")))
    return secret


def without_secrets(text: str) -> str:
    """The text with three stars in the place of every secret."""
    for secret in sorted(_held, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
