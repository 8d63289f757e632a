"""Reads the configuration file; every problem is named with its line, and all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from config.cross_checks import disagreements
from config.seatsync_error import SeatsyncError
from config.settings import Settings
from config.validation_messages import in_plain_words
from config.yaml_document import Location, NotPlain, dotted, line_of, read_document


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


class ConfigError(SeatsyncError):
    """The configuration cannot be used; `problems` says why, one by one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def load(path: Path) -> Settings:
    """The settings of a file; relative paths in it are taken from its folder.

    Raises:
        ConfigError: the file cannot be read, is not plain YAML, or says something unusable.
    """
    try:
        document = read_document(path)
    except NotPlain as error:
        raise ConfigError([Problem(path, error.line, "", str(error))]) from None

    def problem(location: Location, message: str) -> Problem:
        return Problem(path, line_of(document, location), dotted(location), message)

    problems = [problem(*found) for found in disagreements(document)]
    try:
        settings = Settings.model_validate(document, context={"folder": path.resolve().parent})
    except ValidationError as error:
        problems += [problem(*in_plain_words(found)) for found in error.errors()]
    if problems:
        raise ConfigError(sorted(problems, key=lambda found: found.line or 0))
    return settings
