""".NET's regular expressions, as Entra's Replace and scoping filters take them, written for RE2.

RE2 (https://github.com/google/re2/wiki/Syntax) searches in linear time whatever the pattern and the
text; what only backtracking can search for is refused. .NET, "Regular Expression Language".
"""

import re
from dataclasses import dataclass

_UNICODE = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{Mn}\p{Nd}\p{Pc}",
    "s": r"\f\n\r\t\v\x{85}\p{Z}",
}

_PART = re.compile(
    r"\\u(?P<code>[0-9A-Fa-f]{4})"
    r"|\\(?P<escaped>.)"
    r"|\(\?(?:<(?P<angle>[A-Za-z_]\w*)>|'(?P<quote>[A-Za-z_]\w*)')"
    r"|\((?P<construct>\?[<=!>P(#'][=!]?)"
    r"|(?P<other>.)",
    re.DOTALL,
)

# Beside \d, \w and \s, those that mean the same in both.
_ESCAPES = frozenset("AzbBnrtfvpPx")

_UNNAMED = "unnamed"


@dataclass(frozen=True)
class Piece:
    """A group of a pattern that stands in no other one, or what stands between two of them."""

    re2: str
    groups: tuple[str, ...] = ()
    """The names of the groups in it, from left to right; those without one have a made-up one."""


@dataclass(frozen=True)
class DotNetRegex:
    """A pattern as RE2 takes it."""

    pieces: tuple[Piece, ...]

    @staticmethod
    def parse(pattern: str) -> "DotNetRegex":
        """From .NET's spelling. Raises ValueError, saying what is wrong with the pattern."""
        regex = DotNetRegex(_Translation(pattern).pieces())
        _compile(regex.re2)
        return regex

    @property
    def re2(self) -> str:
        """The whole pattern."""
        return "".join(piece.re2 for piece in self.pieces)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of all groups, from left to right."""
        return tuple(name for piece in self.pieces for name in piece.groups)

    def replacement(self, text: str) -> str:
        """What replaces a match, in .NET's spelling, such as ``${name}``, in RE2's.

        Raises:
            ValueError: it names a group that the pattern does not have.
        """

        def reference(found: re.Match[str]) -> str:
            if not found[1]:
                return {"$$": "$", "$&": r"\0", "\\": r"\\"}[found[0]]
            return rf"\{self._number(found[1].strip('{}'))}"

        return re.sub(r"\\|\$\$|\$&|\$(\{\w+\}|\d+)", reference, text)

    def replacing_group(self, name: str, text: str) -> tuple[str, str]:
        """A pattern and what replaces its matches (RE2), so that one group becomes the text.

        Raises:
            ValueError: there is no such group, or it stands within another, beside an alternative,
                or is repeated.
        """
        self.check_group(name)
        for at, piece in enumerate(self.pieces):
            if piece.groups[:1] == (name,):
                before, after = DotNetRegex(self.pieces[:at]), DotNetRegex(self.pieces[at + 1 :])
                last = _referred(2 + len(before.groups) + len(piece.groups))
                plain = text.replace("\\", r"\\")
                return f"({before.re2}){piece.re2}({after.re2})", rf"\1{plain}{last}"
        raise ValueError(f"the group {name} may not be repeated, in another group, or beside a |")

    def check_group(self, name: str) -> None:
        """Raises ValueError if there is no group of this name."""
        if name not in self.groups:
            raise ValueError(f"the pattern has no group {name}")

    def _number(self, name: str) -> int:
        """RE2's number of the group that .NET calls so: there, those with names come last."""
        groups = self.groups
        order = sorted(groups, key=lambda group: not group.startswith(_UNNAMED))
        if name.isdecimal() and int(name) <= len(groups):
            name = order[int(name) - 1] if int(name) else name
        if name == "0":
            return 0
        self.check_group(name)
        return groups.index(name) + 1


def _referred(number: int) -> str:
    if number > 9:
        raise ValueError("a replacement can name the first nine groups alone")
    return rf"\{number}"


class _Translation:
    """Goes through a pattern once, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._pieces = [Piece("")]
        self._depth = 0  # of groups
        self._class_start = 0  # where a class of characters in brackets begins; 0 outside of one
        self._has_alternatives = False

    def pieces(self) -> tuple[Piece, ...]:
        at = 0
        while at < len(self._pattern):
            found = _PART.match(self._pattern, at)
            if found is None:
                raise ValueError("the pattern ends with a backslash")
            at += self._take(found)
        whole = DotNetRegex(tuple(self._pieces))
        return (Piece(whole.re2, whole.groups),) if self._has_alternatives else whole.pieces

    def _take(self, found: re.Match[str]) -> int:
        """Translates what was found; how many characters that were."""
        if found["code"]:
            self._add(rf"\x{{{found['code']}}}")
        elif found["escaped"]:
            self._add(self._escape(found["escaped"]))
        elif self._class_start:
            self._add(self._in_class(found[0][0], found.start()))
            return 1
        elif found[0][0] == "(":
            self._open(found)
        else:
            self._other(found[0], found.end())
        return len(found[0])

    def _add(self, re2: str, *groups: str) -> None:
        last = self._pieces[-1]
        self._pieces[-1] = Piece(last.re2 + re2, last.groups + groups)

    def _escape(self, letter: str) -> str:
        if letter in _UNICODE:
            return _UNICODE[letter] if self._class_start else f"[{_UNICODE[letter]}]"
        if letter.lower() in _UNICODE and not self._class_start:
            return f"[^{_UNICODE[letter.lower()]}]"
        if letter.isalnum() and letter not in _ESCAPES:
            raise ValueError(rf"\{letter} is not supported here")
        return f"\\{letter}"

    def _in_class(self, character: str, at: int) -> str:
        if at > self._class_start:
            if character == "]":
                self._class_start = 0
            elif self._pattern[at - 1 : at + 1] == "-[":
                raise ValueError("a class without another, [a-z-[x]], is not supported")
        return rf"\{character}" if character == "[" else character

    def _open(self, found: re.Match[str]) -> None:
        if found["construct"]:
            raise ValueError(
                f'"{found[0]}" is not supported: what needs it can take forever to search for'
            )
        self._depth += 1
        if self._pattern[found.end() : found.end() + 1] == "?" and len(found[0]) == 1:
            self._add("(")  # of (?:…), or (?i)
            return
        if self._depth == 1:
            self._pieces.append(Piece(""))
        known = sum(len(piece.groups) for piece in self._pieces)
        name = found["angle"] or found["quote"] or f"{_UNNAMED}{known}"
        self._add(f"(?P<{name}>", name)

    def _other(self, character: str, end: int) -> None:
        if character == "[":
            self._class_start = end + (self._pattern[end : end + 1] == "^")
        elif character == "|" and not self._depth:
            self._has_alternatives = True
        self._add(character)
        if character == ")":
            self._close(self._pattern[end : end + 1])

    def _close(self, following: str) -> None:
        self._depth -= 1
        if self._depth or not self._pieces[-1].re2.startswith("(?P<"):
            return
        if following in tuple("*+?{"):
            repeated = self._pieces.pop()
            self._add(repeated.re2, *repeated.groups)
        else:
            self._pieces.append(Piece(""))


def _compile(pattern: str) -> None:
    # Imported here: the configurations of most commands have no regular expression.
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        why = str(error).removeprefix("Invalid regular expression: ")
        raise ValueError(f"this is no regular expression that can be searched for: {why}") from None
