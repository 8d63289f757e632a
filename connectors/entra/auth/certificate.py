"""The app's certificate with its private key, from a PEM or a PFX (PKCS #12) file."""

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from config.credential import ClientCertificate
from config.local_secret import read_private
from config.secret_redaction import held
from config.secret_reference import SecretUnavailable
from connectors.secrets.read_and_write import read_secret

ADD_THE_KEY = "use a PEM or PFX file with both"
LOCKED = "needs a password: `password: env:NAME`"

_PEM = b"-----BEGIN"
_PFX = re.compile(rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x02\x01\x03", re.DOTALL)
"""PKCS #12 (RFC 7292): a sequence that begins with the version, 3."""


@dataclass(frozen=True)
class Certificate:
    """What msal signs its assertions with (both in PEM), and until when that is accepted (UTC)."""

    private_key: str = field(repr=False)
    public_certificate: str
    expires: datetime


def read_certificate(credential: ClientCertificate) -> Certificate:
    """The certificate that belongs to the file's private key.

    Raises:
        SecretUnavailable: the file cannot be read or others may read it, the password is wrong, or
            it does not hold an RSA key and its certificate.
    """
    content = read_private(credential.certificate)
    password = read_secret(credential.password).encode() if credential.password else None
    where = f"file:{credential.certificate}"
    if reason := _cannot_hold_both(content):
        raise SecretUnavailable(f"{where} {reason}")
    read = _from_pem if _PEM in content else _from_pfx
    try:
        key, certificates = read(content, password)
    except TypeError:  # the libraries' word for a password too much or too few
        reason = "takes no password" if password else LOCKED
        raise SecretUnavailable(f"{where} {reason}") from None
    except (ValueError, UnsupportedAlgorithm):
        without = "is damaged" if _PEM in content else f"{LOCKED}, or is damaged"
        reason = "does not open with this password, or is damaged" if password else without
        raise SecretUnavailable(f"{where} {reason}") from None
    if not isinstance(key, RSAPrivateKey):
        raise SecretUnavailable(f"{where} holds no RSA private key, which Entra ID needs")
    own = [one for one in certificates if one.public_key() == key.public_key()]
    if not own:
        raise SecretUnavailable(f"{where} holds no certificate of its private key")
    private_key = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    for line in private_key.splitlines()[1:-1]:
        held(line)
    return Certificate(
        private_key,
        own[0].public_bytes(serialization.Encoding.PEM).decode(),
        own[0].not_valid_after_utc,
    )


def _cannot_hold_both(content: bytes) -> str:
    """Why a file of this kind cannot hold a certificate and its key, or nothing."""
    if _PEM in content:
        if b"PRIVATE KEY-----" not in content:
            return f"holds a certificate without its private key; {ADD_THE_KEY}"
        if b"BEGIN CERTIFICATE-----" not in content:
            return "holds a private key without its certificate; write both into one file"
        return ""
    if _PFX.match(content):
        return ""
    if _is_certificate(content):
        return f"is a certificate alone (DER, as in a .cer), without its private key; {ADD_THE_KEY}"
    if _PFX.match(_from_base64(content)):
        return "is a PFX in base64; decode it: base64 -d FILE > app.pfx"
    return "cannot be read as PEM or PFX"


def _is_certificate(content: bytes) -> bool:
    try:
        x509.load_der_x509_certificate(content)
    except ValueError:
        return False
    return True


def _from_base64(content: bytes) -> bytes:
    try:
        return b64decode(b"".join(content.split()), validate=True)
    except ValueError:
        return b""


def _from_pem(content: bytes, password: bytes | None) -> tuple[Any, Iterable[x509.Certificate]]:
    key = serialization.load_pem_private_key(content, password)
    return key, x509.load_pem_x509_certificates(content)


def _from_pfx(content: bytes, password: bytes | None) -> tuple[Any, Iterable[x509.Certificate]]:
    key, certificate, others = pkcs12.load_key_and_certificates(content, password)
    return key, [one for one in (certificate, *others) if one]
