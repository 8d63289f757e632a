"""Secrets by reference: the configuration names where a secret is, never the secret."""

import os
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from config.encoding import decoded
from config.secret_redaction import held
from config.section import anchored

_CREDENTIAL = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


class SecretUnavailable(Exception):
    """A reference that leads to no secret. The text names the reference only."""


@dataclass(frozen=True)
class SecretReference:
    """``env:NAME``, ``file:PATH`` or ``cred:NAME``. Its text and repr are the reference.

    ``cred:NAME`` is a credential that systemd hands to the service (systemd.exec(5), Credentials).
    """

    source: Literal["env", "file", "cred"]
    place: str

    @classmethod
    def parse(cls, text: object) -> "SecretReference":
        """Raises ValueError without the text, which may be the secret itself."""
        match str(text).split(":", 1):
            case ["env", name] if name.isidentifier():
                return cls("env", name)
            case ["file", path] if path:
                return cls("file", path)
            case ["cred", name] if re.fullmatch(_CREDENTIAL, name):
                return cls("cred", name)
        raise ValueError("expected env:NAME, file:PATH or cred:NAME, never the secret itself")

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
        match self.source:
            case "env":
                secret = os.environ.get(self.place, "")
            case "file":
                secret = self._text(read_private(Path(self.place)))
            case "cred":
                secret = self._text(self._credential())
        if not secret.strip():
            raise SecretUnavailable(f"{self} is not set or empty")
        return secret.strip()

    def _credential(self) -> bytes:
        """Its folder is the service's alone, and its mode systemd's own affair."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise SecretUnavailable(
                f"{self} is there in a service of systemd alone, by LoadCredential= or "
                "LoadCredentialEncrypted="
            )
        return _read(Path(folder) / self.place, str(self))

    def _text(self, content: bytes) -> str:
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
        return {
            "type": "string",
            "pattern": f"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|cred:{_CREDENTIAL})$",
        }

    @classmethod
    def _validated(cls, value: object, info: ValidationInfo) -> "SecretReference":
        reference = value if isinstance(value, cls) else cls.parse(value)
        if reference.source != "file":
            return reference
        return cls("file", str(anchored(Path(reference.place), info)))


def read_private(path: Path) -> bytes:
    """The content of a file that only its owner may read.

    Raises:
        SecretUnavailable: it cannot be read, or others may read it.
    """
    try:
        open_to_others = path.stat().st_mode & 0o077
    except (OSError, ValueError) as error:
        raise _unreadable(f"file:{path}", error) from None
    if open_to_others:
        raise SecretUnavailable(f"file:{path} can be read by others; run: chmod 600 {path}")
    return _read(path, f"file:{path}")


def _read(path: Path, reference: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _unreadable(reference, error) from None


def _unreadable(reference: str, error: Exception) -> SecretUnavailable:
    reason = getattr(error, "strerror", None) or "no file has such a name"
    return SecretUnavailable(f"{reference} cannot be read: {reason}")
