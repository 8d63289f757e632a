"""Keys, certificates and tokens by which an app signs in to Entra ID."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from connectors.sandbox.authority import FEDERATED_AUDIENCE, FederatedCredential

ISSUER, SUBJECT = "https://cluster.example", "system:serviceaccount:jobs:seatsync"


@dataclass(frozen=True)
class Identity:
    """A key with its certificate, which ends with the day that is `days` away."""

    days: int = 365

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "seatsync")])
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now.replace(hour=23, minute=59, second=59) + timedelta(days=self.days))
            .sign(self.key, hashes.SHA256())
        )

    def pem(self, password: str | None = None) -> bytes:
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _locked(password))
        return key + self.certificate.public_bytes(Encoding.PEM)

    def pfx(self, password: str | None = None) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"seatsync", self.key, self.certificate, None, _locked(password)
        )

    @property
    def federated(self) -> FederatedCredential:
        """With this key the platform signs."""
        return FederatedCredential(ISSUER, SUBJECT, self.key.public_key())

    def token(self, **claims: object) -> str:
        """What the platform writes into its token file."""
        now = datetime.now(UTC)
        fitting = {
            "iss": ISSUER,
            "sub": SUBJECT,
            "aud": FEDERATED_AUDIENCE,
            "iat": now,
            "exp": now + timedelta(hours=1),
        }
        return jwt.encode({**fitting, **claims}, self.key, "RS256")


def private(path: Path, content: bytes) -> Path:
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def _locked(password: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()
