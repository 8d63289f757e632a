"""A line of a listing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

Utc = Annotated[datetime, Meta(tz=True)]
"""With its zone, as RFC 3339 writes it."""


class Row(Struct, frozen=True, kw_only=True):
    """One line of a listing. `none_as` has what a table shows where a column has nothing.

    A table does without the `json_only` fields; CSV has them, too.
    """

    none_as: ClassVar[Mapping[str, str]] = {}
    json_only: ClassVar[Collection[str]] = ()

    @property
    def columns(self) -> list[str]:
        """The fields that a table shows."""
        return [name for name in self.__struct_fields__ if name not in self.json_only]

    def in_table(self, name: str) -> object:
        """What a table shows of a field."""
        return getattr(self, name)
