"""The app's certificate with its private key, from a PEM or a PFX (PKCS #12) file."""

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
from config.secret import SecretUnavailable, read_private


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
    password = credential.password.resolve().encode() if credential.password else None
    where = f"file:{credential.certificate}"
    read = _from_pem if b"-----BEGIN" in content else _from_pfx
    try:
        key, certificates = read(content, password)
    except TypeError:  # the libraries' word for a password too much or too few
        reason = "takes no password" if password else "needs a password: `password: env:NAME`"
        raise SecretUnavailable(f"{where} {reason}") from None
    except (ValueError, UnsupportedAlgorithm):
        reason = "cannot be read as PEM or PFX; is the password right?"
        raise SecretUnavailable(f"{where} {reason}") from None
    if not isinstance(key, RSAPrivateKey):
        raise SecretUnavailable(f"{where} holds no RSA private key, which Entra ID needs")
    own = [one for one in certificates if one.public_key() == key.public_key()]
    if not own:
        raise SecretUnavailable(f"{where} holds no certificate of its private key")
    return Certificate(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        own[0].public_bytes(serialization.Encoding.PEM).decode(),
        own[0].not_valid_after_utc,
    )


def _from_pem(content: bytes, password: bytes | None) -> tuple[Any, Iterable[x509.Certificate]]:
    key = serialization.load_pem_private_key(content, password)
    return key, x509.load_pem_x509_certificates(content)


def _from_pfx(content: bytes, password: bytes | None) -> tuple[Any, Iterable[x509.Certificate]]:
    key, certificate, others = pkcs12.load_key_and_certificates(content, password)
    return key, [one for one in (certificate, *others) if one]
