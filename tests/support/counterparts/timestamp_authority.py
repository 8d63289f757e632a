"""A time-stamping authority (RFC 3161) made of openssl's own, with a root of its own."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from werkzeug.wrappers import Request, Response

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
"""


class TimestampAuthority:
    """Answers time-stamp queries; everybody who trusts `root` believes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = folder / "tsa.pem"
        key, root = _issue("root")
        signing_key, signer = _issue("authority", (key, root))
        self.root.write_bytes(root.public_bytes(Encoding.PEM))
        (folder / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
        private = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "signer.key").write_bytes(private)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG)

    def __call__(self, request: Request) -> Response:
        (self._folder / "query").write_bytes(request.data)
        order = "openssl ts -reply -config tsa.cnf -queryfile query -out reply"
        keys = "-inkey signer.key -signer signer.pem"
        subprocess.run([*order.split(), *keys.split()], cwd=self._folder, check=True)
        return Response((self._folder / "reply").read_bytes())


Issued = tuple[RSAPrivateKey, x509.Certificate]


def _issue(name: str, by: Issued | None = None) -> Issued:
    """A root, or what a root signs: a certificate for nothing but time stamps (section 2.3)."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[1].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not by, path_length=None), critical=True)
    )
    if by:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return key, builder.sign(by[0] if by else key, hashes.SHA256())
