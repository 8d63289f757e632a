"""Secrets that this machine has: a variable, a file, a credential of systemd."""

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from config.encoding import decoded
from config.operating_system import closing_command, open_to_others
from config.secret_reference import SecretReference, SecretUnavailable


def read_local(reference: SecretReference) -> str:
    """What is there, which may be more than a secret: an address with a password in it.

    Raises:
        SecretUnavailable: unset, missing, empty, a file that others may read, or not of this
            machine.
    """
    match reference.source:
        case "env":
            found = os.environ.get(reference.place, "")
        case "file":
            found = _text(read_private(Path(reference.place)), reference)
        case "cred":
            found = _text(_credential(reference), reference)
        case _:
            raise SecretUnavailable(f"{reference} is not of this machine")
    if not found.strip():
        raise SecretUnavailable(f"{reference} is not set or empty")
    return found.strip()


def read_private(path: Path) -> bytes:
    """The content of a file that only its owner may read.

    Raises:
        SecretUnavailable: it cannot be read, or others may read it.
    """
    try:
        done = open_to_others(path)
    except (OSError, ValueError) as error:
        raise _unreadable(f"file:{path}", error) from None
    if done:
        why = f"can be {done} by others; run: {closing_command(path)}"
        raise SecretUnavailable(f"file:{path} {why}")
    return _read(path, f"file:{path}")


def _credential(reference: SecretReference) -> bytes:
    """Its folder is the service's alone, and its mode systemd's own affair."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise SecretUnavailable(
            f"{reference} is there in a service of systemd alone, by LoadCredential= or "
            "LoadCredentialEncrypted="
        )
    return _read(Path(folder) / reference.place, str(reference))


def _text(content: bytes, reference: SecretReference) -> str:
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # as PowerShell writes it
    try:
        return content.decode("utf-16") if marked else decoded(content)
    except ValueError:
        raise SecretUnavailable(f"{reference} cannot be read: it is not a text file") from None


def _read(path: Path, reference: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _unreadable(reference, error) from None


def _unreadable(reference: str, error: Exception) -> SecretUnavailable:
    reason = getattr(error, "strerror", None) or "no file has such a name"
    return SecretUnavailable(f"{reference} cannot be read: {reason}")
