"""Reads the configuration file; every problem is named with its line, and all of them at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

from config.agree import disagreements
from config.settings import SeatFile, Settings
from config.suggest import unknown

LARGEST_FILE = 1 << 20
"""Bytes."""

DEEPEST_NESTING = 20

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `line` is 1-based, `path` such as ``subscription_sets[2].name``."""

    file: Path
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return ": ".join(part for part in (place, self.path, self.message) if part)


class ConfigError(Exception):
    """The configuration cannot be used; `problems` says why, one by one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def load(path: Path) -> Settings:
    """The settings of a file; relative paths in it are taken from its folder.

    Raises:
        ConfigError: the file cannot be read, is not plain YAML, or says something unusable.
    """
    tree = _tree(path, _text(path))
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise ConfigError(
            Problem(path, _line(tree, location), _dotted(location), message)
            for location, message in map(_in_plain_words, error.errors())
        ) from None
    if problems := [
        Problem(path, _line(tree, location), _dotted(location), message)
        for location, message in disagreements(settings)
    ]:
        raise ConfigError(problems)
    return _anchored(settings, path.resolve().parent)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError([Problem(path, None, "", "the file is larger than 1 MB")])
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        reason = "the file cannot be read: there is none; `seatsync init` writes one"
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
    except ValueError:
        reason = "the file is not UTF-8 text"
    raise ConfigError([Problem(path, None, "", reason)])


def _tree(path: Path, text: str) -> Any:
    """The file's content, with line numbers. Plain YAML only: no aliases, no tags, no bombs."""
    try:
        _refuse_cleverness(path, text)
        documents = list(YAML(typ="rt").load_all(StringIO(text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        message = (error.problem or "this is not YAML").splitlines()[0]
        raise ConfigError([Problem(path, line, "", message)]) from None
    except YAMLError as error:
        raise ConfigError([Problem(path, None, "", str(error).splitlines()[0])]) from None
    except (ValueError, RecursionError):
        raise ConfigError([Problem(path, None, "", "this is not usable YAML")]) from None
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise ConfigError([Problem(path, 1, "", "expected one document of keys and values")])
    return documents[0]


def _refuse_cleverness(path: Path, text: str) -> None:
    depth = 0
    for token in YAML(typ="rt").scan(StringIO(text)):
        name = type(token).__name__
        depth += name.endswith(("MappingStartToken", "SequenceStartToken"))
        depth -= name.endswith(("MappingEndToken", "SequenceEndToken", "BlockEndToken"))
        clever = isinstance(token, AliasToken | AnchorToken | TagToken)
        if clever or depth > DEEPEST_NESTING:
            what = "anchors, aliases and tags are not used here" if clever else "nested too deeply"
            raise ConfigError([Problem(path, token.start_mark.line + 1, "", what)])


def _line(tree: Any, location: Location) -> int | None:
    """The line of the innermost part of the location that the file has."""
    line = 1
    for step in location:
        if not isinstance(tree, dict | list):
            break
        try:
            position = tree.lc.data[step]  # type: ignore[union-attr]
            tree = tree[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
        line = position[0] + 1
    return line


def _dotted(location: Location) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return path.removeprefix(".")


def _in_plain_words(error: ErrorDetails) -> tuple[Location, str]:
    location = tuple(step for step in error["loc"] if not _names_a_union_member(step))
    message = error["msg"].removeprefix("Value error, ")
    match error["type"]:
        case "missing":
            message = "this key is needed"
        case "extra_forbidden":
            message = unknown(str(location[-1]), _keys_at(location[:-1]))
        case "string_pattern_mismatch":
            message = "this is not of the expected form"
        case "string_type" if location[-1:] == ("group_id",):
            message = "expected the group's object id"
    return location, message[:1].lower() + message[1:]


def _names_a_union_member(step: str | int) -> bool:
    """pydantic puts the alternatives of a union into the path; the file knows nothing of them."""
    return isinstance(step, str) and (
        step in {"Cloud", "SeatFile", "int", "float", "str", "bool"}
        or step.startswith(("literal[", "dict[", "function-", "constrained-", "nullable["))
    )


def _keys_at(location: Location) -> Iterator[str]:
    """The keys that the models know at a place."""
    model: Any = Settings
    for step in location:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation)
    return iter(model.model_fields)


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    candidates = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((candidate for candidate in candidates if candidate), None)


def _anchored(settings: Settings, folder: Path) -> Settings:
    """The same settings with every relative path taken from the file's folder."""
    directory, vendor, cloud = settings.directory, settings.vendor, settings.directory.cloud
    if not isinstance(cloud, str) and cloud.ca_file:
        cloud = cloud.model_copy(update={"ca_file": folder / cloud.ca_file})
    secret = directory.credential.secret.relative_to(folder)
    seats = settings.seats
    if isinstance(seats, SeatFile):
        seats = SeatFile(file=folder / seats.file)
    return settings.model_copy(
        update={
            "directory": directory.model_copy(
                update={
                    "cloud": cloud,
                    "credential": directory.credential.model_copy(update={"secret": secret}),
                }
            ),
            "vendor": vendor.model_copy(update={"token": vendor.token.relative_to(folder)}),
            "seats": seats,
            "store": _anchored_store(settings.store, folder),
            "reports": folder / settings.reports,
        }
    )


def _anchored_store(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return url
    return prefix + str(folder / url.removeprefix(prefix))
