"""Names of groups and sets: they must match exactly, and people mistake them easily."""

import re
import unicodedata

from reconciler.wording import Count

_SEPARATORS = re.compile(r"[-_.\s]+")
_SYNCABLE = re.compile(r"[A-Za-z0-9.\- ]")


def fold(name: str) -> str:
    """What is left of a name when case, width, accents' encoding and separators are ignored."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _SEPARATORS.sub(" ", plain).strip()


def first_difference(name: str, other: str) -> int:
    """The 1-based position of the first character in which two different names differ."""
    pairs = zip(name, other, strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(name), len(other)))
    return same + 1


def describe_difference(name: str, other: str) -> str:
    """Where two names differ first, and in what: `character 9, "-" there and " " here`."""
    at = first_difference(name, other)
    here, there = (
        describe(text[at - 1]) if at <= len(text) else "nothing" for text in (name, other)
    )
    return f"character {at}, {there} there and {here} here"


def fault(name: str) -> str:
    """Why the vendor would not sync a group of this name, or nothing (the guide, step 1).

    The guide's pattern admits any white space; only the plain space survives both portals.
    """
    if not 3 <= len(name) <= 35:
        return f"it has {Count(len(name)):character|characters}, and 3 to 35 are allowed"
    for at, character in enumerate(name, start=1):
        if not _SYNCABLE.fullmatch(character):
            return f"it has {describe(character)} at {at}"
    if name != name.strip():
        return "it begins or ends with a space"
    return ""


def describe(character: str) -> str:
    """A character so that a reader can tell it from its look-alikes."""
    if character == " " or (character.isprintable() and not character.isspace()):
        return f'"{character}"'
    return f"U+{ord(character):04X} {unicodedata.name(character, '(control)').lower()}"
