"""The operating system's keyring has the secret."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from config.secret_reference import SecretReference, SecretUnavailable
from connectors.secrets.read_and_write import forget_secrets, read_secret, write_secret

ENTRY = SecretReference.parse("keyring:https://scim.vendor.example/v2/admin")


class InMemory(KeyringBackend):
    """One that is unlocked."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


class Locked(InMemory):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    forget_secrets()
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_the_user_is_what_follows_the_last_slash() -> None:
    keyring.set_keyring(mine := InMemory())
    assert write_secret(ENTRY, "canary")
    assert mine.entries == {("https://scim.vendor.example/v2", "admin"): "canary"}
    assert read_secret(ENTRY) == "canary"


@pytest.mark.parametrize(
    ("backend", "told"),
    [
        (InMemory(), "is not set or empty"),
        (NoKeyring(), "cannot be read: this session has no keyring"),
        (Locked(), "cannot be read: the keyring is locked"),
    ],
)
def test_where_it_cannot_be_had_it_says_why(backend: KeyringBackend, told: str) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(SecretUnavailable, match=f"^{ENTRY} {told}"):
        read_secret(ENTRY)


def test_a_session_without_one_takes_none() -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(SecretUnavailable, match="cannot be written: this session has no keyring"):
        write_secret(ENTRY, "canary")
