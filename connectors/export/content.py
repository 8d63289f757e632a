"""The export file, checked: every id is one, nobody is there twice, and flags are flags."""

from codecs import BOM_UTF8
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NotRequired, TypeVar

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, StrictBool, ValidationError

# pydantic reads TypedDicts of this origin only, below Python 3.12.
from typing_extensions import TypedDict

from config.document import dotted
from config.values import Guid
from config.words import in_plain_words
from connectors.errors import ConnectorError
from connectors.export.table import read_table


class ExportedGroup(TypedDict):
    """A group with its direct members, and the groups that are nested in it."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    id: Guid
    displayName: str
    members: NotRequired[list[Guid]]
    memberGroups: NotRequired[list[Guid]]


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


class _File(BaseModel):
    groups: Annotated[list[ExportedGroup], AfterValidator(_each_once)]
    users: Annotated[list[ExportedUser], AfterValidator(_each_once)]
    deletedUsers: Annotated[list[ExportedUser], AfterValidator(_each_once)] = []  # noqa: N815
    deletedGroups: Annotated[list[ExportedGroup], AfterValidator(_each_once)] = []  # noqa: N815


@dataclass(frozen=True)
class Export:
    """Groups, users and those in the recycle bin by their ids, which are in lower case."""

    groups: dict[str, ExportedGroup]
    users: dict[str, ExportedUser]
    deleted: dict[str, ExportedUser]
    deleted_groups: dict[str, ExportedGroup]


def read_export(path: Path) -> Export:
    """The file's content.

    Raises:
        ConnectorError: it cannot be read, or is not as `connectors.export` says.
    """
    what = f"reading the export {path}"
    try:
        content: Any = (
            read_table(path, what)
            if path.suffix.lower() == ".csv"
            else orjson.loads(path.read_bytes().removeprefix(BOM_UTF8))
        )
        file = _File.model_validate(content)
    except OSError as error:
        raise ConnectorError(what, error.strerror or type(error).__name__) from None
    except orjson.JSONDecodeError as error:
        raise ConnectorError(what, f"it is not JSON (line {error.lineno})") from None
    except ValidationError as error:
        location, words = in_plain_words(error.errors()[0])
        place = dotted(location)
        raise ConnectorError(what, f"{place}: {words}" if place else words) from None
    return Export(
        _by_id(file.groups),
        _by_id(file.users),
        _by_id(file.deletedUsers),
        _by_id(file.deletedGroups),
    )


def _by_id(resources: list[Resource]) -> dict[str, Resource]:
    return {resource["id"]: resource for resource in resources}
