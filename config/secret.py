"""Secrets by reference: the configuration names where a secret is, never the secret."""

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from config.encoding import decoded
from config.secret_redaction import held
from config.section import anchored


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
        """Reads the secret at the moment of need; no text repeats it from now on.

        Raises:
            SecretUnavailable: see `value`.
        """
        return held(self.value())

    def value(self) -> str:
        """What is there, which may be more than a secret: an address with a password in it.

        Raises:
            SecretUnavailable: unset, missing, empty, or a file that others may read.
        """
        secret = os.environ.get(self.place, "") if self.source == "env" else self._from_file()
        if not secret.strip():
            raise SecretUnavailable(f"{self} is not set or empty")
        return secret.strip()

    def _from_file(self) -> str:
        content = read_private(Path(self.place))
        marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # as PowerShell writes it
        try:
            return content.decode("utf-16") if marked else decoded(content)
        except ValueError:
            raise SecretUnavailable(f"{self} cannot be read: it is not a text file") from None

    def __str__(self) -> str:
        return f"{self.source}:{self.place}"

    __repr__ = __str__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"}

    @classmethod
    def _validated(cls, value: object, info: ValidationInfo) -> "SecretReference":
        reference = value if isinstance(value, cls) else cls.parse(value)
        if reference.source == "env":
            return reference
        return cls("file", str(anchored(Path(reference.place), info)))


def read_private(path: Path) -> bytes:
    """The content of a file that only its owner may read.

    Raises:
        SecretUnavailable: it cannot be read, or others may read it.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise SecretUnavailable(f"file:{path} can be read by others; run: chmod 600 {path}")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file has such a name"
        raise SecretUnavailable(f"file:{path} cannot be read: {reason}") from None
