"""HashiCorp Vault ("HTTP API", KV secrets engine, versions 1 and 2), by hvac.

Vault's own variables say where it is and who asks: VAULT_ADDR, VAULT_TOKEN (or ~/.vault-token, as
Vault Agent writes it), VAULT_NAMESPACE, VAULT_CACERT.
"""

import os
from typing import Any

import hvac
import requests
from hvac.exceptions import Forbidden, VaultDown, VaultError

from config.secret_redaction import held
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.errors import network_cause
from connectors.untrusted_text import excerpt

SECONDS = 20
"""Timeout: to connect, and for an answer."""


def read(reference: SecretReference) -> str:
    """See `Keeper.read`."""
    path, _, field = reference.place.partition("#")
    fields = _fields(reference, path)
    if field not in fields:
        names = ", ".join(sorted(fields)) or "none"
        raise SecretUnavailable(f'{reference} has no field "{field}"; it has: {excerpt(names)}')
    return str(fields[field] or "")


def write(reference: SecretReference, secret: str) -> bool:
    """Never: what reads a secret of Vault seldom may write it, nor does Vault write one field."""
    return False


def _fields(reference: SecretReference, path: str) -> dict[str, Any]:
    """Of version 2, what is below `data` beside its `metadata`."""
    try:
        answer = _client(reference).read(path)
    except VaultError as error:
        raise SecretUnavailable(f"{reference} cannot be read: {_why(error)}") from None
    except requests.RequestException as error:
        why = f"Vault does not answer ({network_cause(error)})"
        raise SecretUnavailable(f"{reference} cannot be read: {why}") from None
    if answer is None:
        raise SecretUnavailable(
            f"{reference} is not there. Of version 2 of the KV engine the path has `data` after "
            "the mount: secret/data/seatsync"
        )
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise SecretUnavailable(f"{reference} cannot be read: VAULT_ADDR does not answer as Vault")
    inner = data.get("data")
    return inner if "metadata" in data and isinstance(inner, dict) else data


def _client(reference: SecretReference) -> hvac.Client:
    address = os.environ.get("VAULT_ADDR")
    if not address:
        raise SecretUnavailable(f"{reference} cannot be read: VAULT_ADDR is not set")
    client = hvac.Client(
        address,
        namespace=os.environ.get("VAULT_NAMESPACE"),
        timeout=SECONDS,
        allow_redirects=False,  # its token would be sent along
    )
    if not held(client.token or ""):
        raise SecretUnavailable(
            f"{reference} cannot be read: there is no token of Vault. Set VAULT_TOKEN, or let "
            "Vault Agent write ~/.vault-token"
        )
    return client


def _why(error: VaultError) -> str:
    said = excerpt(", ".join(error.errors or ()) or str(error.args[0]))
    match error:
        case Forbidden():
            return f"Vault refuses it ({said}). Its token has ended, or needs a policy to read it"
        case VaultDown():
            return f"Vault is not ready ({said}). Where it is sealed, somebody has to unseal it"
        case _:
            return f"Vault refuses it ({said})"
