"""The app's credential, in the form that msal takes."""

from typing import Any

from config.credential import ClientCertificate, ClientSecret, FederatedToken
from config.encoding import decoded
from config.secret_redaction import held
from config.secret_reference import SecretUnavailable
from connectors.secrets.read_and_write import read_secret


def msal_credential(
    credential: ClientSecret | ClientCertificate | FederatedToken,
) -> str | dict[str, Any]:
    """The credential in the form that msal takes.

    Raises:
        SecretUnavailable: a file or a variable is not there or not usable. For a token file this is
            raised when msal asks for the assertion.
    """
    if isinstance(credential, ClientSecret):
        return read_secret(credential.secret)
    if isinstance(credential, ClientCertificate):
        from connectors.entra.auth.certificate import read_certificate

        certificate = read_certificate(credential)
        return {
            "private_key": certificate.private_key,
            "public_certificate": certificate.public_certificate,
        }
    # Read anew for every token: the platform replaces the file long before it expires.
    return {"client_assertion": lambda: _federated_token(credential)}


def _federated_token(credential: FederatedToken) -> str:
    """The token in the platform's file. Its mode is not checked: the platform decides on it."""
    path = credential.federated_token_file
    try:
        token = decoded(path.read_bytes()).strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SecretUnavailable(f"file:{path} cannot be read: {reason}") from None
    if token.count(".") != 2:
        raise SecretUnavailable(f"file:{path} holds no token (a JWT)")
    return held(token)
