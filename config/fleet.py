"""A fleet: many tenants with a file each, one database, and what they have alike."""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from config.field_types import Database
from config.section import FilePath, Section
from config.watching import Receiver

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""Of a tenant: its file's, without .yaml."""

_EACH = frozenset({"fleet", "metrics", "store"})


class Fleet(Section):
    """The whole file. Relative paths in it are relative to the file."""

    store: Annotated[Database, Field(repr=False)]
    """The PostgreSQL database that has every tenant's store: env:NAME, file:PATH, cred:NAME, or a
    URL without a password."""

    tenants: Annotated[FilePath, Field(validate_default=True)] = Path("tenants")
    """The folder that has a configuration of each tenant, called as the tenant is: contoso.yaml."""

    defaults: dict[str, Any] = Field(default_factory=dict)
    """What a tenant's configuration need not say: the keys of an ordinary configuration."""

    notifications: tuple[Receiver, ...] = ()
    """Who is told of what is about many tenants at once: that nothing is applied for any (event
    `stopped`), that a server fails their runs (`failed`), that it works again (`recovered`)."""

    max_losing_percent: Annotated[float, Field(gt=0, le=100)] = 30
    """Where as many of the tenants that are planned within an hour, and 5 at least, lose unusually
    many users by the same code, nothing is applied for any tenant until a person lets it go on."""

    @field_validator("store")
    @classmethod
    def _of_many(cls, store: str) -> str:
        if not store.startswith("postgresql"):
            raise ValueError("many tenants need a PostgreSQL database")
        return store

    @field_validator("defaults")
    @classmethod
    def _of_all(cls, defaults: dict[str, Any]) -> dict[str, Any]:
        if wrong := _EACH & {*defaults}:
            raise ValueError(f"{', '.join(sorted(wrong))} cannot be the same for every tenant")
        return defaults

    @property
    def files(self) -> dict[str, Path]:
        """Of each tenant, by name.

        Raises:
            OSError: the folder cannot be read.
        """
        found = (file for file in self.tenants.iterdir() if file.suffix == ".yaml")
        return {file.stem: file for file in sorted(found)}


def merged(defaults: dict[Any, Any], tenant: dict[Any, Any]) -> dict[Any, Any]:
    """What the tenant says, and of the rest what all have; only sections are put together."""
    whole = {**defaults, **tenant}
    for key, ours in tenant.items():
        theirs = defaults.get(key)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            whole[key] = merged(theirs, ours)
    return whole
