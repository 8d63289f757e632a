"""An account at the vendor, and the members of a group, as they are read one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Members: TypeAlias = Mapping[str, str]
"""Accounts by id, and per id what the server calls the member."""


@dataclass(frozen=True)
class Account:
    """A SCIM User: its id, the mapped attributes by path (absent ones are None), and ``active``."""

    id: str
    attributes: Mapping[str, str | None]
    active: bool | None
