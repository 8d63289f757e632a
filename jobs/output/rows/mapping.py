"""Rows of users' attributes, as the mapping has them."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from msgspec import json

from jobs.output.rows.row import Row


class MappedRow(Row, frozen=True, kw_only=True):
    """An attribute of a user, by its SCIM path, as the mapping has it.

    `read` has the attributes in Entra ID that the expression reads; `result` is what it comes to,
    `sent` what a plan made now would send, and `vendor_has` what the vendor has. Null is no value,
    and of `sent` nothing; `why` says why so.
    """

    json_only: ClassVar[Collection[str]] = {"user"}

    user: str
    attribute: str
    expression: str
    read: Mapping[str, str | None]
    result: str | None
    sent: str | bool | None
    vendor_has: str | None
    why: str

    def in_table(self, name: str) -> object:
        """Values in quotation marks, so that no value is told from blank text."""
        value = getattr(self, name)
        if name == "read":
            said = self.read.items()
            return ", ".join(f"{source} {_quoted(it) or '(no value)'}" for source, it in said)
        return _quoted(value) if name in {"result", "sent", "vendor_has"} else value


def _quoted(value: str | bool | None) -> str:
    """As JSON has it; nothing for no value."""
    return "" if value is None else json.encode(value).decode()
