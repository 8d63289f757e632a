"""A secret, read at the moment of need; a new one, written where its reference points.

What a keyring or a vault has is asked for once in a run: every part of it works with the same one.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from config.local_secret import read_local
from config.secret_redaction import held
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.files.disk import write_whole


class Keeper(Protocol):
    """What else keeps secrets. Both raise SecretUnavailable; `write` also says what to do then."""

    def read(self, reference: SecretReference) -> str:
        """The secret, or nothing where there is none."""

    def write(self, reference: SecretReference, secret: str) -> bool:
        """Whether the reference leads to this secret from now on."""


_KEEPERS = {
    "keyring": "connectors.secrets.keyring_entry",
    "keyvault": "connectors.secrets.key_vault",
    "vault": "connectors.secrets.hashicorp_vault",
}
"""Imported when they are needed. What each imports is the extra of the same name."""


def read_secret(reference: SecretReference) -> str:
    """The secret; no text repeats it from now on.

    Raises:
        SecretUnavailable: it is not there, or cannot be had, and what to do about it.
    """
    return held(_kept(reference) if reference.source in _KEEPERS else read_local(reference))


def write_secret(reference: SecretReference, secret: str) -> bool:
    """Whether it stands there now: what set a variable or a credential, only its owner can change.

    Raises:
        SecretUnavailable: a keyring or a vault did not take it.
        OSError: the file could not be written; it is as it was.
    """
    held(secret)
    if reference.source == "file":
        write_whole(Path(reference.place), f"{secret}\n".encode())
        return True
    if reference.source not in _KEEPERS:
        return False
    forget_secrets()
    return _keeper(reference).write(reference, secret)


def forget_secrets() -> None:
    """The next run asks again: they may have been changed meanwhile."""
    _kept.cache_clear()


@cache
def _kept(reference: SecretReference) -> str:
    secret = _keeper(reference).read(reference).strip()
    if not secret:
        raise SecretUnavailable(f"{reference} is not set or empty")
    return secret


def _keeper(reference: SecretReference) -> Keeper:
    try:
        return cast(Keeper, import_module(_KEEPERS[reference.source]))
    except ModuleNotFoundError as error:
        extra = f"seatsync[{reference.source}]"
        raise SecretUnavailable(
            f"{reference} needs packages that are not installed here ({error.name}). "
            f"Run: pip install '{extra}'"
        ) from None
