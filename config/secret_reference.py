"""Secrets by reference: the configuration names where a secret is, never the secret."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from config.section import anchored

Source = Literal["env", "file", "cred", "keyring", "keyvault", "vault"]

_PLACES: dict[Source, str] = {
    "env": r"[A-Za-z_][A-Za-z0-9_]*",
    "file": r".+",
    "cred": r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
    "keyring": r"[^/].*/[^/]+",
    # As in a secret's own identifier ("About keys, secrets, and certificates", Object identifiers).
    "keyvault": r"https://[A-Za-z0-9-]+\.vault\.[a-z.]+/secrets/[A-Za-z0-9-]+(/[A-Za-z0-9]+)?",
    "vault": r"[^/#\s][^#\s]*#[^#\s]+",
}

EXPECTED = (
    "env:NAME, file:PATH, cred:NAME, keyring:SERVICE/USER, "
    "keyvault:https://VAULT.vault.azure.net/secrets/SECRET or vault:PATH#FIELD"
)


class SecretUnavailable(Exception):
    """A reference that leads to no secret. The text names the reference only."""


@dataclass(frozen=True)
class SecretReference:
    """Where a secret is. Its text and repr are the reference.

    | reference | the secret is |
    |---|---|
    | ``env:NAME`` | a variable of the environment |
    | ``file:PATH`` | a file that its owner alone may read |
    | ``cred:NAME`` | a credential of the service, by systemd (systemd.exec(5), Credentials) |
    | ``keyring:SERVICE/USER`` | in the keyring of the operating system |
    | ``keyvault:https://…/secrets/NAME[/VERSION]`` | in Azure Key Vault; the newest version |
    | ``vault:PATH#FIELD`` | in HashiCorp Vault, by its API's path, ``secret/data/seatsync`` |
    """

    source: Source
    place: str

    @classmethod
    def parse(cls, text: object) -> "SecretReference":
        """Raises ValueError without the text, which may be the secret itself."""
        source, _, place = str(text).partition(":")
        if source in _PLACES and re.fullmatch(_PLACES[source], place):
            return cls(source, place)
        raise ValueError(f"expected {EXPECTED}, never the secret itself")

    def __str__(self) -> str:
        return f"{self.source}:{self.place}"

    __repr__ = __str__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls.configured, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        forms = "|".join(f"{source}:{place}" for source, place in _PLACES.items())
        return {"type": "string", "pattern": f"^({forms})$"}

    @classmethod
    def configured(cls, value: object, info: ValidationInfo) -> "SecretReference":
        """As `parse`; a file is one of the configuration's folder."""
        reference = value if isinstance(value, cls) else cls.parse(value)
        if reference.source != "file":
            return reference
        return cls("file", str(anchored(Path(reference.place), info)))
