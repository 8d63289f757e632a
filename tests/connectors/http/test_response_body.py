"""One body: pieces of any size make the whole, and what is too much is not unpacked."""

import gzip

import pytest

from connectors.http.response_body import Body, Broken, Limits
from connectors.http.run_limits import Allowance, NotTaken

TEXT = b'{"value": [1, 2, 3]}'
SIZE = len(TEXT)
PACKED = gzip.compress(TEXT, mtime=0)


def taken(content: bytes, encoding: str, limits: Limits, at_once: int = 100) -> bytes:
    body = Body(encoding, limits, Allowance())
    for start in range(0, len(content), at_once):
        body.add(content[start : start + at_once])
    return body.whole()


@pytest.mark.parametrize("at_once", [1, 7, 100])
@pytest.mark.parametrize(
    ("content", "encoding", "whole"),
    [
        (TEXT, "", TEXT),
        (TEXT, "identity", TEXT),
        (PACKED, "gzip", TEXT),
        (PACKED, " X-GZIP ", TEXT),
        (PACKED + gzip.compress(b"", mtime=0), "gzip", TEXT),
        (gzip.compress(TEXT[:5], mtime=0) + gzip.compress(TEXT[5:], mtime=0), "gzip", TEXT),
        (b"", "gzip", b""),
    ],
)
def test_a_body_is_what_was_packed(
    content: bytes, encoding: str, whole: bytes, at_once: int
) -> None:
    assert taken(content, encoding, Limits(SIZE), at_once) == whole


@pytest.mark.parametrize(
    ("content", "encoding"), [(TEXT, ""), (PACKED, "gzip"), (PACKED + PACKED, "gzip")]
)
def test_a_body_that_is_a_byte_too_long_is_refused(content: bytes, encoding: str) -> None:
    with pytest.raises(NotTaken, match="larger than"):
        taken(content, encoding, Limits(SIZE - 1))


@pytest.mark.parametrize(("most", "refused"), [(4, False), (3, True)])
def test_values_are_counted(most: int, refused: bool) -> None:
    """An object, a list, and two commas."""
    if refused:
        with pytest.raises(NotTaken, match="more than 3 values"):
            taken(TEXT, "", Limits(SIZE, most))
    else:
        assert taken(TEXT, "", Limits(SIZE, most)) == TEXT


@pytest.mark.parametrize(
    "encoding", ["gzip, gzip", "gzip,identity", "deflate", "br", "zstd", "gzip;q=1", "\x1b[2J"]
)
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(NotTaken, match="in a way that was not asked for"):
        taken(PACKED, encoding, Limits(SIZE))


@pytest.mark.parametrize("content", [PACKED[:-9], PACKED + b"more", TEXT, PACKED[:9] + TEXT])
def test_what_does_not_unpack_may_be_whole_next_time(content: bytes) -> None:
    with pytest.raises(Broken):
        taken(content, "gzip", Limits(SIZE))


def test_all_bodies_of_a_run_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.http.run_limits.MOST_BYTES", 2 * SIZE)
    allowance = Allowance()
    for _ in range(2):
        Body("", Limits(SIZE), allowance).add(TEXT)
    with pytest.raises(NotTaken, match="the answers of this run"):
        Body("", Limits(SIZE), allowance).add(b" ")
