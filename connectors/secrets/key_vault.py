"""Azure Key Vault ("Azure Key Vault REST API", Get Secret and Set Secret), by Azure's own library.

Who asks is whoever Azure says this machine is: a managed or workload identity, the variables
AZURE_CLIENT_ID and so on, or the administrator's `az login` (DefaultAzureCredential).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from azure.core.credentials import AccessTokenInfo, TokenRequestOptions
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient

from config.secret_redaction import held
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.untrusted_text import excerpt

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 10, 20, 60
"""Timeouts: to connect, for an answer, and for all attempts together."""


def read(reference: SecretReference) -> str:
    """See `Keeper.read`."""
    name, version = _named(reference)
    with _asking(reference, "read", "Key Vault Secrets User") as client:
        return client.get_secret(name, version).value or ""


def write(reference: SecretReference, secret: str) -> bool:
    """See `Keeper.write`. What names a version leads to the old one for ever."""
    name, version = _named(reference)
    if version:
        return False
    with _asking(reference, "written", "Key Vault Secrets Officer") as client:
        client.set_secret(name, secret)
    return True


def _named(reference: SecretReference) -> tuple[str, str | None]:
    name, _, version = urlsplit(reference.place).path.removeprefix("/secrets/").partition("/")
    return name, version or None


class _Identity(DefaultAzureCredential):
    """Its token is a secret, too, which the vault may repeat."""

    def get_token_info(
        self, *scopes: str, options: TokenRequestOptions | None = None
    ) -> AccessTokenInfo:
        info = super().get_token_info(*scopes, options=options)
        held(info.token)
        return info


@contextmanager
def _asking(reference: SecretReference, done: str, role: str) -> Iterator[SecretClient]:
    held(os.environ.get("AZURE_CLIENT_SECRET", ""))
    vault = f"https://{urlsplit(reference.place).netloc}"
    try:
        with (
            _Identity() as identity,
            SecretClient(
                vault,
                identity,
                connection_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                timeout=ALL_SECONDS,
                retry_total=2,
                retry_backoff_factor=0.2,
            ) as client,
        ):
            yield client
    except AzureError as error:
        raise SecretUnavailable(f"{reference} cannot be {done}: {_why(error, role)}") from None


def _why(error: AzureError, role: str) -> str:
    status = error.status_code if isinstance(error, HttpResponseError) else None
    said = excerpt(" ".join(str(error.message).split()))
    match status:
        case 404:
            return "the vault has no such secret or version"
        case 403:
            return (
                f"the vault refuses it (403: {said}). Give this machine's identity the role "
                f'"{role}", and let its network in'
            )
        case 401:
            return f"the vault does not accept this machine's identity (401: {said})"
    if isinstance(error, ClientAuthenticationError):
        return (
            "Azure gives this machine no identity. Assign it a managed identity; elsewhere set "
            "AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or run: az login"
        )
    return f"{status}: {said}" if status else f"the vault does not answer ({said})"
