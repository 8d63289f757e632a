"""How the app proves to Entra ID who it is: one of four ways, and no secret in the file."""

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from config.secret_reference import SecretReference
from config.section import FilePath, Section


class ClientSecret(Section):
    """A secret of the app registration, by reference."""

    secret: SecretReference
    """By reference."""


class ClientCertificate(Section):
    """A PEM or PFX (PKCS #12) file that holds a certificate and its private key.

    The app registration has the certificate's public part.
    """

    certificate: FilePath
    """PEM or PFX."""

    password: SecretReference | None = None
    """Opens the file, if it needs one."""


class FederatedToken(Section):
    """A file in which the platform keeps a fresh token of its own (workload identity federation).

    Such as Kubernetes writes it where AZURE_FEDERATED_TOKEN_FILE says.
    """

    federated_token_file: FilePath
    """Read at every sign-in."""


class ManagedIdentity(Section):
    """What Azure gives to the machine itself: its ``system`` identity, or a ``user`` assigned one.

    The latter is the one of `directory.client_id`.
    """

    managed_identity: Literal["system", "user"]
    """`user`: the one of `directory.client_id`."""


_WAYS = {
    "secret": "<secret>",
    "certificate": "<certificate>",
    "federated_token_file": "<federation>",
    "managed_identity": "<identity>",
}


def _way(given: object) -> str | None:
    if not isinstance(given, dict | Section):
        return "<secret>"
    keys = given if isinstance(given, dict) else type(given).model_fields
    ways = [tag for key, tag in _WAYS.items() if key in keys]
    return ways[0] if len(ways) == 1 else None


Credential = Annotated[
    Annotated[ClientSecret, Tag("<secret>")]
    | Annotated[ClientCertificate, Tag("<certificate>")]
    | Annotated[FederatedToken, Tag("<federation>")]
    | Annotated[ManagedIdentity, Tag("<identity>")],
    Discriminator(
        _way,
        custom_error_type="credential",
        custom_error_message=f"expected exactly one of {', '.join(_WAYS)}",
    ),
]
