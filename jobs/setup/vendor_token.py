"""The vendor's API token: when it ends, and a new one in its place (the guide, step 2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from config.secret_reference import SecretReference
from connectors.files.disk import write_whole
from connectors.scim.client import Scim
from connectors.secrets.read_and_write import write_secret
from jobs.approval.os_user import whoami
from jobs.context import Context


@dataclass(frozen=True)
class NewToken:
    """A token that the vendor takes. `stored`: it is where `vendor.token` points; if not, somebody
    has to put it there. `users` were seen with it.
    """

    users: int
    expires: date
    stored: bool


def replace_token(context: Context, token: str, issued: date, lifetime: timedelta) -> NewToken:
    """Proves by a read that the vendor takes the token, stores it, and records its dates.

    A file, a keyring and a vault are written; a variable and a credential of systemd only whoever
    keeps them can change.

    Raises:
        connectors.errors.CounterpartError: the vendor does not take it; nothing was changed.
        OSError: the file could not be written; nothing was changed.
        config.secret_reference.SecretUnavailable: no keyring or vault took it; nothing was changed.
    """
    users = _users_seen_with(context, token)
    stored = write_secret(context.settings.vendor.token, token)
    who = whoami()
    facts = {"issued": issued.isoformat(), "expires": (issued + lifetime).isoformat()}
    with context.store.transaction() as tx:
        tx.vendor_tokens.record(issued, lifetime)
        tx.audit.append(context.clock(), "token", facts, {"account": who.account})
    return NewToken(users, issued + lifetime, stored)


def _users_seen_with(context: Context, token: str) -> int:
    settings = context.settings
    with TemporaryDirectory() as folder:  # its mode is 0700
        draft = SecretReference("file", str(write_whole(Path(folder) / "token", token.encode())))
        vendor = settings.vendor.model_copy(update={"token": draft})
        with Scim(vendor, settings.attribute_mapping.targets) as with_it:
            return with_it.probe().users
