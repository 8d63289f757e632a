"""Names of groups and sets: they must match exactly, and people mistake them easily."""

import re
import unicodedata
from itertools import takewhile

from reconciler.model.confusable_characters import BLANK, INVISIBLE, LOOK_ALIKES
from reconciler.model.phrasing import Plural

_SEPARATORS = re.compile(f"[-_./+&{BLANK}]")
_SYNCABLE = re.compile(r"[A-Za-z0-9.\- ]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")


def fold(name: str) -> str:
    """The name without case, separators, and all that `looks` ignores.

    Separators are removed because an invisible character may stand in the place of one.
    """
    return _SEPARATORS.sub("", looks(name).casefold())


def is_near_miss(name: str, other: str) -> bool:
    """Whether the names differ, and only in what people easily overlook."""
    return name != other and fold(name) == fold(other)


def looks(name: str) -> str:
    """A name as people see it: in NFKC, which makes widths and the encoding of accents the same,
    without invisible characters, and with ASCII letters for those that look alike.
    """
    plain = unicodedata.normalize("NFKC", name)
    return plain if plain.isascii() else _INVISIBLE.sub("", plain).translate(LOOK_ALIKES)


def first_difference(name: str, other: str) -> int:
    """The 1-based position of the first character in which two different names differ.

    A combining accent counts as a part of its letter.
    """
    pairs = zip(name, other, strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(name), len(other)))
    while same and any(map(_combines, (name[same : same + 1], other[same : same + 1]))):
        same -= 1
    return same + 1


def describe_difference(name: str, other: str) -> str:
    """Where two names differ first, and in what: `character 9, "-" there and " " here`."""
    at = first_difference(name, other)
    return f"character {at}, {_describe_at(other, at)} there and {_describe_at(name, at)} here"


def fault(name: str) -> str:
    r"""Why the vendor would not sync a group of this name, or "" (the guide, step 1).

    The guide prints the characters as ``[a-zA-Z0-9\.\-\s]+\$``. Its end is taken for a misprint of
    the anchor ``$``: none of its own examples ends in a dollar sign. Its ``\s`` is taken as the
    plain space, for no other white space survives both portals.
    """
    if not 3 <= len(name) <= 35:
        return f"it has {Plural(len(name)):character|characters}, and 3 to 35 are allowed"
    for at, character in enumerate(name, start=1):
        if not _SYNCABLE.fullmatch(character):
            return f"it has {describe(character)} at {at}"
    if name != name.strip():
        return "it begins or ends with a space"
    return ""


def describe(character: str) -> str:
    """A character, with its code point and name if it could be taken for another one."""
    if character.isascii() and character.isprintable():
        return f'"{character}"'
    called = f"U+{ord(character):04X} {unicodedata.name(character, '(control)').lower()}"
    seen = character.isprintable() and not _combines(character) and character.strip()
    return f'"{character}" ({called})' if seen and not _INVISIBLE.match(character) else called


def _describe_at(name: str, position: int) -> str:
    """The character at a 1-based position, with the accents that combine with it."""
    if position > len(name):
        return "nothing"
    accents = (unicodedata.name(one).lower() for one in takewhile(_combines, name[position:]))
    return describe(name[position - 1]) + "".join(f" with a {accent}" for accent in accents)


def _combines(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == "Mn"
