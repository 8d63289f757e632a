"""The operating system's keyring: Keychain, Credential Manager, Secret Service, by `keyring`."""

import keyring
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

from config.secret_reference import SecretReference, SecretUnavailable
from connectors.untrusted_text import excerpt


def read(reference: SecretReference) -> str:
    """See `Keeper.read`."""
    try:
        return keyring.get_password(*_entry(reference)) or ""
    except KeyringError as error:
        raise _unavailable(reference, "read", error) from None


def write(reference: SecretReference, secret: str) -> bool:
    """See `Keeper.write`."""
    try:
        keyring.set_password(*_entry(reference), secret)
    except KeyringError as error:
        raise _unavailable(reference, "written", error) from None
    return True


def _entry(reference: SecretReference) -> tuple[str, str]:
    service, _, user = reference.place.rpartition("/")
    return service, user


def _unavailable(reference: SecretReference, done: str, error: KeyringError) -> SecretUnavailable:
    match error:
        case NoKeyringError():
            why = (
                "this session has no keyring. A service or cron job has none: let it use file: or "
                "cred:"
            )
        case KeyringLocked():
            why = "the keyring is locked. Unlock it, as signing in to the desktop does"
        case _:
            why = excerpt(str(error) or type(error).__name__)
    return SecretUnavailable(f"{reference} cannot be {done}: {why}")
