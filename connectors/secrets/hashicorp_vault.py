"""HashiCorp Vault ("HTTP API", KV secrets engine, versions 1 and 2), by hvac.

Vault's own variables say where it is and who asks: VAULT_ADDR, VAULT_TOKEN (or ~/.vault-token, as
Vault Agent writes it), VAULT_NAMESPACE, VAULT_CACERT. Where VAULT_ROLE_ID and VAULT_SECRET_ID are
set, they are exchanged for a token instead ("AppRole auth method").
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import hvac
import requests
from hvac.exceptions import Forbidden, VaultDown, VaultError

from config.secret_redaction import held
from config.secret_reference import SecretReference, SecretUnavailable
from connectors.http.network_cause import network_cause
from connectors.untrusted_text import excerpt

SECONDS = 20
"""Timeout: to connect, and for an answer."""


def read(reference: SecretReference) -> str:
    """See `Keeper.read`."""
    path, _, field = reference.place.partition("#")
    with _asking(reference, "read") as client:
        fields, _version = _fields(reference, client, path)
    if field not in fields:
        names = ", ".join(sorted(fields)) or "none"
        raise SecretUnavailable(f'{reference} has no field "{field}"; it has: {excerpt(names)}')
    return str(fields[field] or "")


def write(reference: SecretReference, secret: str) -> bool:
    """See `Keeper.write`. The other fields stay: Vault writes all of them at once.

    Of version 2 of the engine it is refused where somebody else has written meanwhile.
    """
    path, _, field = reference.place.partition("#")
    with _asking(reference, "written") as client:
        fields, version = _fields(reference, client, path)
        fields = {**fields, field: secret}
        of_2 = {"data": fields, "options": {"cas": version}}
        client.write_data(path, data=fields if version is None else of_2)
    return True


def _fields(
    reference: SecretReference, client: hvac.Client, path: str
) -> tuple[dict[str, Any], int | None]:
    """And their version: version 2 of the engine has them below `data`, beside its `metadata`."""
    answer = client.read(path)
    if answer is None:
        raise SecretUnavailable(
            f"{reference} is not there. Of version 2 of the KV engine the path has `data` after "
            "the mount: secret/data/seatsync"
        )
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise SecretUnavailable(f"{reference} cannot be read: VAULT_ADDR does not answer as Vault")
    inner, metadata = data.get("data"), data.get("metadata")
    if isinstance(inner, dict) and isinstance(metadata, dict):
        return inner, metadata.get("version")
    return data, None


@contextmanager
def _asking(reference: SecretReference, done: str) -> Iterator[hvac.Client]:
    address = os.environ.get("VAULT_ADDR")
    if not address:
        raise SecretUnavailable(f"{reference} cannot be {done}: VAULT_ADDR is not set")
    client = hvac.Client(
        address,
        namespace=os.environ.get("VAULT_NAMESPACE"),
        timeout=SECONDS,
        allow_redirects=False,  # its token would be sent along
    )
    try:
        _sign_in(client)
        if not held(client.token or ""):
            raise SecretUnavailable(
                f"{reference} cannot be {done}: there is no token of Vault. Set VAULT_TOKEN, or "
                "let Vault Agent write ~/.vault-token"
            )
        yield client
    except VaultError as error:
        raise SecretUnavailable(f"{reference} cannot be {done}: {_why(error)}") from None
    except requests.RequestException as error:
        why = f"Vault does not answer ({network_cause(error)})"
        raise SecretUnavailable(f"{reference} cannot be {done}: {why}") from None


def _sign_in(client: hvac.Client) -> None:
    role, secret = (os.environ.get(f"VAULT_{name}_ID", "") for name in ("ROLE", "SECRET"))
    if role and secret:
        client.auth.approle.login(role, held(secret))


def _why(error: VaultError) -> str:
    said = excerpt(", ".join(error.errors or ()) or str(error.args[0]))
    match error:
        case Forbidden():
            return f"Vault refuses it ({said}). Its token has ended, or lacks a policy for it"
        case VaultDown():
            return f"Vault is not ready ({said}). Where it is sealed, somebody has to unseal it"
        case _:
            return f"Vault refuses it ({said})"
