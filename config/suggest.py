"""Did you mean …?"""

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(name: str, known: Iterable[str]) -> str:
    """A sentence that says that a name is not known, and which near one is."""
    candidates = list(known)
    folded = {candidate.casefold(): candidate for candidate in candidates}
    near = get_close_matches(name.casefold(), folded, n=1)
    if near:
        return f'"{name}" is not known; did you mean "{folded[near[0]]}"?'
    return f'"{name}" is not known; known: {", ".join(candidates)}'
