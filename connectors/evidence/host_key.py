"""The key that this host signs its evidence with: Ed25519, in a file that is made when needed."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from config.local_secret import read_private
from config.operating_system import create_private
from config.secret_reference import SecretUnavailable
from connectors.errors import CounterpartError

WHAT = "reading the key that signs evidence"


def host_key(path: Path) -> Ed25519PrivateKey:
    """The key in the file (PEM, PKCS #8, its owner's alone), which is made where there is none.

    Raises:
        CounterpartError: it cannot be read or made, others may read it, or it holds another key.
    """
    try:
        _make(path)
        key = load_pem_private_key(read_private(path), password=None)
    except FileNotFoundError:
        raise CounterpartError(WHAT, f"there is no folder {path.parent}") from None
    except OSError as error:
        raise CounterpartError(WHAT, f"{path}: {error.strerror}") from None
    except SecretUnavailable as error:
        raise CounterpartError(WHAT, str(error)) from None
    except (ValueError, TypeError):  # TypeError: the library's word for a missing password
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CounterpartError(WHAT, f"{path} holds no Ed25519 key in PEM without a password")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """What others verify with (PEM, SubjectPublicKeyInfo)."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _make(path: Path) -> None:
    """Not over what is there: an old key is what older evidence is verified with."""
    try:
        file = create_private(path)
    except FileExistsError:
        return
    with file:
        made = Ed25519PrivateKey.generate()
        file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
