"""A content is had again from its difference and its successor, and from no other one."""

import pytest

from connectors.store.delta_compression import difference, restored

ONE, OTHER = (b",".join(b"%d" % number for number in range(at, 9999)) for at in (0, 5))


def test_the_content_is_had_again() -> None:
    assert restored(difference(ONE, OTHER), OTHER) == ONE
    assert restored(difference(ONE)) == ONE
    assert restored(difference(b"", OTHER), OTHER) == b""
    assert restored(difference(ONE, b"[]"), b"[]") == ONE


def test_it_is_small_where_little_differs() -> None:
    assert len(difference(ONE, OTHER)) < len(difference(ONE)) / 50


@pytest.mark.parametrize("other", [OTHER[:-1], OTHER.replace(b"77", b"78"), b""])
def test_another_successor_is_noticed(other: bytes) -> None:
    with pytest.raises(ValueError, match=r"(?i)decompress"):
        restored(difference(ONE, OTHER), other)


def test_damage_is_noticed() -> None:
    damaged = bytearray(difference(ONE, OTHER))
    damaged[-1] ^= 1
    with pytest.raises(ValueError, match=r"(?i)checksum"):
        restored(bytes(damaged), OTHER)
