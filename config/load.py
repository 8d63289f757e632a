"""Reads the configuration file; every problem is named with its line, and all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from config.cross_checks import disagreements
from config.fleet import NAME, OWN, Fleet, merged
from config.seatsync_error import SeatsyncError
from config.section import Section
from config.settings import Settings
from config.validation_messages import in_plain_words
from config.yaml_document import Location, NotPlain, depth_of, dotted, line_of, read_document

S = TypeVar("S", bound=Section)


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

    What the file of a fleet's tenant does not say is as the fleet has it.

    Raises:
        ConfigError: the file cannot be read, is not plain YAML, or says something unusable; or the
            fleet's does.
    """
    ours = _File.read(path)
    if isinstance(given := ours.document.get("fleet"), str):
        return _load_tenant(ours, (path.parent / given).resolve())
    return _validated(Settings, ours.document, ours, problems=_disagreements(ours.document, ours))


def load_fleet(path: Path) -> Fleet:
    """The fleet of a file.

    Raises:
        ConfigError: see `load`; the tenants' own files are not looked at.
    """
    file = _File.read(path)
    return _validated(Fleet, file.document, file)


def _load_tenant(ours: "_File", fleet_file: Path) -> Settings:
    theirs = _File.read(fleet_file)
    fleet, name = _validated(Fleet, theirs.document, theirs), ours.path.stem
    defaults = replace(theirs, document=theirs.document.get("defaults"))
    whole = merged(fleet.defaults, ours.document)
    problems = [
        *_disagreements(whole, ours, defaults),
        *(ours.problem((key,), "the fleet has it for all") for key in OWN & {*ours.document}),
    ]
    if not NAME.fullmatch(name):
        message = "a tenant is called as its file: up to 63 of a-z, 0-9 and -, then .yaml"
        problems.append(Problem(ours.path, None, "", message))
    settings = _validated(Settings, whole, ours, defaults, problems=problems)
    return settings.of_fleet(name, fleet.store, own_reports="reports" in ours.document)


@dataclass(frozen=True)
class _File:
    """What a file has; a part of it keeps the lines of the whole."""

    path: Path
    document: Any

    @classmethod
    def read(cls, path: Path) -> "_File":
        try:
            return cls(path, read_document(path))
        except NotPlain as error:
            raise ConfigError([Problem(path, error.line, "", str(error))]) from None

    def problem(self, location: Location, message: str) -> Problem:
        return Problem(self.path, line_of(self.document, location), dotted(location), message)


def _disagreements(document: dict[Any, Any], *files: _File) -> list[Problem]:
    return [_problem(files, *found) for found in disagreements(document)]


def _problem(files: Iterable[_File], location: Location, message: str) -> Problem:
    """At the file that says most of it."""
    nearest = max(files, key=lambda file: depth_of(file.document, location))
    return nearest.problem(location, message)


def _validated(
    model: type[S], document: dict[Any, Any], *files: _File, problems: Iterable[Problem] = ()
) -> S:
    found = [*problems]
    try:
        valid = model.model_validate(document, context={"folder": files[0].path.resolve().parent})
    except ValidationError as error:
        found += [_problem(files, *in_plain_words(one, model)) for one in error.errors()]
    if found:
        raise ConfigError(sorted(found, key=lambda one: (str(one.file), one.line or 0)))
    return valid
