"""The key that signs evidence is made once, is its owner's alone, and is never replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connectors.errors import CounterpartError
from connectors.evidence.host_key import host_key, public_pem


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "evidence.key"


def test_it_is_made_when_it_is_needed_first_and_stays(path: Path) -> None:
    first = public_pem(host_key(path))
    assert public_pem(host_key(path)) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in first


def is_another_kind_of_key(path: Path) -> None:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def is_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir(0o700)


def is_a_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("elsewhere")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda path: path.write_bytes(b""), "holds no Ed25519 key", id="empty"),
        (is_another_kind_of_key, "holds no Ed25519 key"),
        pytest.param(lambda path: path.chmod(0o644), "can be read by others", id="readable"),
        (is_a_folder, "Is a directory"),
        (is_a_link_to_nothing, "No such file"),
    ],
)
def test_one_that_cannot_sign_is_told_and_not_replaced(
    path: Path, spoil: Callable[[Path], None], why: str
) -> None:
    host_key(path)
    spoil(path)
    with pytest.raises(CounterpartError, match=why):
        host_key(path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CounterpartError, match="there is no folder"):
        host_key(tmp_path / "no" / "evidence.key")
