"""Secrets by reference: the configuration names where a secret is, never the secret."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class SecretUnavailable(Exception):
    """A reference that leads to no secret. The text names the reference only."""


@dataclass(frozen=True)
class SecretReference:
    """``env:NAME`` or ``file:PATH``. Its text and repr are the reference."""

    source: Literal["env", "file"]
    place: str

    @classmethod
    def parse(cls, text: object) -> "SecretReference":
        """Raises ValueError without the text, which may be the secret itself."""
        match str(text).split(":", 1):
            case ["env", name] if name.isidentifier():
                return cls("env", name)
            case ["file", path] if path:
                return cls("file", path)
        raise ValueError("expected env:NAME or file:PATH, never the secret itself")

    def resolve(self) -> str:
        """Reads the secret at the moment of need.

        Raises:
            SecretUnavailable: unset, missing, empty, or a file that others may read.
        """
        secret = os.environ.get(self.place, "") if self.source == "env" else self._from_file()
        if not secret.strip():
            raise SecretUnavailable(f"{self} is not set or empty")
        return secret.strip()

    def relative_to(self, folder: Path) -> "SecretReference":
        """The same reference, a relative file taken from `folder`."""
        if self.source == "env":
            return self
        return SecretReference("file", str(folder / self.place))

    def _from_file(self) -> str:
        path = Path(self.place)
        try:
            if path.stat().st_mode & 0o077:
                raise SecretUnavailable(f"{self} can be read by others; run: chmod 600 {path}")
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not a text file"
            raise SecretUnavailable(f"{self} cannot be read: {reason}") from None

    def __str__(self) -> str:
        return f"{self.source}:{self.place}"

    __repr__ = __str__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(value),
            serialization=core_schema.to_string_ser_schema(),
        )
