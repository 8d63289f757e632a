"""The configuration file as plain YAML: bounded in size and depth, with the line of every key."""

import re
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.tokens import AliasToken, AnchorToken, KeyToken, ScalarToken, TagToken, Token

from config.encoding import NotUtf8, decoded

LARGEST_FILE = 1 << 20
"""Bytes."""

DEEPEST_NESTING = 20

Location = tuple[str | int, ...]

# YAML 1.2, section 5.1, knows these only as escapes; no name, path or address has a use for them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class NotPlain(Exception):
    """The file is no plain YAML; `line` is 1-based, None where the whole file is meant."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line


MISSING = "there is none; `seatsync init` writes one"


def read_document(path: Path, missing: str = MISSING) -> dict[Any, Any]:
    """The only document of a YAML 1.2 file; `missing` is said where there is no file.

    Raises:
        NotPlain: it cannot be read, is not YAML, or uses more of YAML than keys, lists and values.
    """
    return _document(_text(path, missing))


@lru_cache(maxsize=16)
def _document(text: str) -> dict[Any, Any]:
    """To be read alone: whoever reads the same text again, as tenants do their fleet's, has it."""
    try:
        _refuse_cleverness(text)
        yaml = YAML(typ="rt")
        yaml.Constructor = _Constructor
        documents = list(yaml.load_all(StringIO(text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotPlain(mark.line + 1 if mark else None, _reason(error)) from None
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise NotPlain(1, "expected one document of keys and values")
    return documents[0]


def line_of(document: Any, location: Location) -> int:
    """The line of the innermost part of the location that the file has."""
    line, part = 1, document
    for step in location:
        try:
            line, part = part.lc.data[step][0] + 1, part[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def depth_of(document: Any, location: Location) -> int:
    """How many steps of the location the file has."""
    for depth, step in enumerate(location):
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(location)


def dotted(location: Location) -> str:
    """Such as ``subscription_sets[2].name``."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return path.removeprefix(".")


def _text(path: Path, missing: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise NotPlain(None, f"the file cannot be read: {missing}") from None
    except OSError as error:
        raise NotPlain(None, f"the file cannot be read: {error.strerror}") from None
    except ValueError:
        raise NotPlain(None, "the file cannot be read: no file has such a name") from None
    if len(content) > LARGEST_FILE:
        raise NotPlain(None, "the file is larger than 1 MB")
    try:
        return decoded(content)
    except NotUtf8 as error:
        raise NotPlain(error.line, str(error)) from None


def _refuse_cleverness(text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if _CONTROL.search(line):
            raise NotPlain(number, "control characters are not used here")
        if line.startswith("%"):
            raise NotPlain(number, "YAML directives are not used here")
    depth, is_key = 0, False
    for token in YAML(typ="safe", pure=True).scan(StringIO(text)):
        depth += _deeper(token)
        if isinstance(token, AliasToken | AnchorToken | TagToken):
            raise NotPlain(_line(token), "anchors, aliases and tags are not used here")
        if is_key and not isinstance(token, ScalarToken):
            raise NotPlain(_line(token), "a key is text, not a list or a block of its own")
        if depth > DEEPEST_NESTING:
            raise NotPlain(_line(token), "nested too deeply")
        if isinstance(token, ScalarToken) and _CONTROL.search(token.value):
            raise NotPlain(_line(token), "control characters are not used here")
        is_key = isinstance(token, KeyToken)


def _deeper(token: Token) -> int:
    name = type(token).__name__
    if name.endswith(("MappingStartToken", "SequenceStartToken")):
        return 1
    return -1 if name.endswith(("MappingEndToken", "SequenceEndToken", "BlockEndToken")) else 0


def _line(token: Token) -> int:
    return int(token.start_mark.line) + 1


class _Constructor(RoundTripConstructor):
    """Knows the line also of what looks like a date or a number and is none."""

    def construct_object(self, node: Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, IndexError):  # IndexError: `-_`, which YAML takes for a number
            reason = "this looks like a number or a date and is none; put text in quotes"
            raise ConstructorError(problem=reason, problem_mark=node.start_mark) from None


def _reason(error: MarkedYAMLError) -> str:
    reason = (error.problem or "this is not YAML").splitlines()[0]
    if isinstance(error, DuplicateKeyError):
        # ruamel.yaml goes on with both values, and one of them may be a secret.
        return reason.partition(" with value ")[0].removeprefix("found ")
    return reason
