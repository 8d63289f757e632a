"""The export file, checked: every id is one, nobody is there twice, and flags are flags."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NotRequired, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    ValidationError,
)

# pydantic reads TypedDicts of this origin only, below Python 3.12.
from typing_extensions import TypedDict

from config.field_types import Guid
from config.validation_messages import in_plain_words
from config.yaml_document import dotted
from connectors.entra_export.csv_format import read_table
from connectors.entra_export.json_format import read_document
from connectors.errors import CounterpartError

UNPROVEN = {
    ".csv": "it has no closing row",
    ".json": 'it has no "users@odata.count" and "groups@odata.count"',
}


class ExportedGroup(TypedDict):
    """A group with its direct members, and the groups that are nested in it."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    id: Guid
    displayName: str
    members: NotRequired[list[Guid]]
    memberGroups: NotRequired[list[Guid]]
    cut: NotRequired[str]
    counted: NotRequired[dict[str, StrictInt]]


class ExportedUser(TypedDict):
    """A user with Graph's attributes, whichever there are."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    id: Guid
    accountEnabled: NotRequired[StrictBool | None]


Resource = TypeVar("Resource", ExportedGroup, ExportedUser)


def _each_once(resources: list[Resource]) -> list[Resource]:
    if len({resource["id"] for resource in resources}) < len(resources):
        raise ValueError("an id is there twice")
    return resources


def _moment(given: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("expected a time with its zone, such as 2026-11-24T03:00:00Z")
    return moment.astimezone(UTC)


class _File(BaseModel):
    groups: Annotated[list[ExportedGroup], AfterValidator(_each_once)]
    users: Annotated[list[ExportedUser], AfterValidator(_each_once)]
    deletedUsers: Annotated[list[ExportedUser], AfterValidator(_each_once)] = []  # noqa: N815
    deletedGroups: Annotated[list[ExportedGroup], AfterValidator(_each_once)] = []  # noqa: N815
    exported: Annotated[datetime, BeforeValidator(_moment)] | None = None
    cut: str = ""
    counted: dict[str, StrictInt] = {}
    whole: bool = False


@dataclass(frozen=True)
class Export:
    """Groups, users and those in the recycle bin by their ids, which are in lower case.

    `made` is when, by the file itself or by its date on the disk (UTC). `cut` says why there is
    more than the file has, `unproven` why there may be; both are empty where it proves otherwise.
    """

    groups: dict[str, ExportedGroup]
    users: dict[str, ExportedUser]
    deleted: dict[str, ExportedUser]
    deleted_groups: dict[str, ExportedGroup]
    made: datetime
    cut: str = ""
    unproven: str = ""


def read_export(path: Path) -> Export:
    """The file's content.

    Raises:
        CounterpartError: it cannot be read, is not as `connectors.entra_export` says, contradicts
            itself, or has not what it says it has.
    """
    what = f"reading the export {path}"
    form = ".csv" if path.suffix.lower() == ".csv" else ".json"
    content = read_table(path, what) if form == ".csv" else read_document(path, what)
    try:
        file = _File.model_validate(content)
        _refuse_contradictions(file)
    except ValidationError as error:
        location, words = in_plain_words(error.errors()[0])
        place = dotted(location)
        raise CounterpartError(what, f"{place}: {words}" if place else words) from None
    except ValueError as error:
        raise CounterpartError(what, str(error)) from None
    proven = file.whole or {"users", "groups"} <= {*file.counted}
    return Export(
        _by_id(file.groups),
        _by_id(file.users),
        _by_id(file.deletedUsers),
        _by_id(file.deletedGroups),
        made=file.exported or datetime.fromtimestamp(path.stat().st_mtime, UTC),
        cut=file.cut,
        unproven=file.cut or ("" if proven else UNPROVEN[form]),
    )


def _refuse_contradictions(file: _File) -> None:
    """Nobody is here and gone, and there are as many of each as the file says."""
    for kind, living, deleted in (
        ("user", file.users, file.deletedUsers),
        ("group", file.groups, file.deletedGroups),
    ):
        if both := _ids(living) & _ids(deleted):
            raise ValueError(f"{kind} {min(both)} is there and is deleted, too")
    for name in ("users", "groups", "deletedUsers", "deletedGroups"):
        there, said = len(getattr(file, name)), file.counted.get(name.casefold())
        if said is not None and said != there:
            raise ValueError(
                f'"{name}@odata.count" says {said}, and {there} are there: it is not whole'
            )


def _ids(resources: Iterable[Any]) -> set[str]:
    return {resource["id"] for resource in resources}


def _by_id(resources: list[Resource]) -> dict[str, Resource]:
    return {resource["id"]: resource for resource in resources}
