"""Did you mean …?"""

from collections.abc import Iterable
from difflib import get_close_matches

LISTED = 20
"""As many known names are listed as somebody may read through."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like this one, in any case; None if none is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(name.casefold(), folded, n=1)
    return folded[near[0]] if near else None


def unknown(name: str, known: Iterable[str]) -> str:
    """A sentence that says that a name is not known, and which near one is."""
    candidates = list(known)
    if near := nearest(name, candidates):
        return f'"{name}" is not known; did you mean "{near}"?'
    known_ones = f"; known: {', '.join(candidates)}" if len(candidates) <= LISTED else ""
    return f'"{name}" is not known{known_ones}'
