"""What the documents show of a terminal: commands, and what they print."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ *```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`seatsync ([^`|]+)(?:\|[^`]*)?`")
_IN_A_LINE = re.compile(r"(?<![\w.-])seatsync ([^|>&#\n]+)")
_ID = re.compile(r"\b[0-9a-f]{8}\b")


@dataclass(frozen=True)
class Shown:
    """A command of seatsync without its first word, and what is to be seen after it.

    ``...`` stands for anything. Ids differ in every run: see `Ids`. `program` is another one where
    a document shows that.
    """

    words: tuple[str, ...]
    printed: str
    program: str = "seatsync"


def files(text: str) -> dict[str, str]:
    """The blocks with a title are files of that name."""
    return {title: content for _, title, content in _FENCE.findall(text) if title}


def scripts(text: str) -> tuple[str, ...]:
    """What a shell is to do that prints nothing worth showing, in its order."""
    return tuple(content for language, _, content in _FENCE.findall(text) if language == "bash")


def session(text: str) -> Iterator[Shown]:
    """The commands of the blocks of a terminal, in their order."""
    for language, _, content in _FENCE.findall(text):
        for entry in (
            re.split(r"^\$ ", content, flags=re.MULTILINE) if language == "console" else ()
        ):
            command, _, printed = entry.partition("\n")
            if command:
                program, *words = shlex.split(command)
                yield Shown(tuple(words), printed, program)


def commands(text: str) -> Iterator[tuple[str, ...]]:
    """Every command line of seatsync, in blocks and within the text."""
    blocks = [content for language, _, content in _FENCE.findall(text) if language in SHELLS]
    for line in (*_SPAN.findall(_FENCE.sub("", text)), *_IN_A_LINE.findall("\n".join(blocks))):
        yield tuple(shlex.split(line))


SHELLS = {"console", "sh"}


class Ids:
    """The ids of a run in the place of those that a document shows."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}

    def in_command(self, words: tuple[str, ...]) -> list[str]:
        return [self._real.get(word, word) for word in words]

    def match(self, printed: str, actual: str) -> bool:
        """Whether that was printed; an id that was not met before is any, and this one from now."""
        ids = [found for found in dict.fromkeys(_ID.findall(printed)) if found not in self._real]
        pattern = re.escape(printed.rstrip("\n")).replace(r"\.\.\.", ".*")
        for shown, real in self._real.items():
            pattern = pattern.replace(shown, real)
        for shown in ids:
            pattern = pattern.replace(shown, f"(?P<id{shown}>[0-9a-f]{{8}})", 1)
            pattern = re.sub(rf"(?<!id){shown}", f"(?P=id{shown})", pattern)
        found = re.fullmatch(pattern, actual.rstrip("\n"), re.DOTALL)
        self._real |= {shown: found[f"id{shown}"] for shown in ids} if found else {}
        return found is not None
