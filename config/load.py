"""Reads the configuration file; every problem is named with its line, and all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from config.cross_checks import disagreements
from config.fleet import NAME, Fleet, merged
from config.seatsync_error import SeatsyncError
from config.section import Section
from config.settings import Settings
from config.validation_messages import in_plain_words
from config.yaml_document import (
    MISSING,
    Location,
    NotPlain,
    depth_of,
    dotted,
    line_of,
    read_document,
)

S = TypeVar("S", bound=Section)

_NO_FLEET = "there is none; docs/how-to/several-tenants.md shows one"


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


def load(path: Path, patch: Path | None = None) -> Settings:
    """The settings of a file; relative paths in it are taken from its folder.

    What the file of a fleet's tenant does not say is as the fleet has it. What a `patch` says, a
    second file, stands in the place of what the first one does; only sections are put together.

    Raises:
        ConfigError: the file cannot be read, is not plain YAML, or says something unusable; or the
            fleet's does, or the patch.
    """
    ours = _File.read(path)
    patches = () if patch is None else (_File.read(patch, "there is none"),)
    if isinstance(given := ours.document.get("fleet"), str):
        return _load_tenant(ours, (path.parent / given).resolve(), patches)
    whole, files = _patched(ours, patches), (*patches, ours)
    problems = _disagreements(whole, *files)
    return _validated(Settings, whole, *files, anchor=path, problems=problems)


def load_fleet(path: Path) -> Fleet:
    """The fleet of a file.

    Raises:
        ConfigError: see `load`; the tenants' own files are not looked at.
    """
    file = _File.read(path, _NO_FLEET)
    return _validated(Fleet, file.document, file, anchor=path)


def _load_tenant(ours: "_File", fleet_file: Path, patches: Sequence["_File"]) -> Settings:
    theirs = _File.read(fleet_file, _NO_FLEET)
    fleet = _validated(Fleet, theirs.document, theirs, anchor=fleet_file)
    name = ours.path.stem
    defaults = replace(theirs, document=theirs.document.get("defaults"))
    whole = merged(fleet.defaults, _patched(ours, patches))
    files = (*patches, ours, defaults)
    problems = _disagreements(whole, *files)
    if "store" in ours.document:
        problems.append(ours.problem(("store",), "the fleet has it for all"))
    if not NAME.fullmatch(name):
        message = "a tenant is called as its file: up to 63 of a-z, 0-9 and -, then .yaml"
        problems.append(Problem(ours.path, None, "", message))
    settings = _validated(Settings, whole, *files, anchor=ours.path, problems=problems)
    return settings.of_fleet(name, fleet, own_reports="reports" in ours.document)


@dataclass(frozen=True)
class _File:
    """What a file has; a part of it keeps the lines of the whole."""

    path: Path
    document: Any

    @classmethod
    def read(cls, path: Path, missing: str = MISSING) -> "_File":
        try:
            return cls(path, read_document(path, missing))
        except NotPlain as error:
            raise ConfigError([Problem(path, error.line, "", str(error))]) from None

    def problem(self, location: Location, message: str) -> Problem:
        return Problem(self.path, line_of(self.document, location), dotted(location), message)


def _patched(ours: _File, patches: Iterable[_File]) -> dict[Any, Any]:
    return reduce(merged, (patch.document for patch in patches), ours.document)


def _disagreements(document: dict[Any, Any], *files: _File) -> list[Problem]:
    return [_problem(files, *found) for found in disagreements(document)]


def _problem(files: Iterable[_File], location: Location, message: str) -> Problem:
    """At the file that says most of it; of several the one that counts, which comes first."""
    nearest = max(files, key=lambda file: depth_of(file.document, location))
    return nearest.problem(location, message)


def _validated(
    model: type[S],
    document: dict[Any, Any],
    *files: _File,
    anchor: Path,
    problems: Iterable[Problem] = (),
) -> S:
    """Relative paths are taken from the folder of the `anchor`."""
    found = [*problems]
    try:
        valid = model.model_validate(document, context={"folder": anchor.resolve().parent})
    except ValidationError as error:
        found += [_problem(files, *in_plain_words(one, model)) for one in error.errors()]
    if found:
        raise ConfigError(sorted(found, key=lambda one: (str(one.file), one.line or 0)))
    return valid
