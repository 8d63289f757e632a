"""Signed statements: DSSE v1.0.2 envelopes, one on each line (in-toto's attestation bundle)."""

from collections.abc import Iterable

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner

from connectors.evidence.statements import Statement

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def bundle(statements: Iterable[Statement], key: Ed25519PrivateKey) -> bytes:
    """The statements in their order, each in an envelope that the key signs."""
    signer = CryptoSigner(key)
    return b"".join(_sealed(statement, signer) for statement in statements)


def _sealed(statement: Statement, signer: CryptoSigner) -> bytes:
    envelope = Envelope(orjson.dumps(statement), PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return orjson.dumps(envelope.to_dict(), option=orjson.OPT_APPEND_NEWLINE)
