"""The body of a response: measured as it arrives, and decompressed only up to its limit."""

import zlib
from dataclasses import dataclass, field

from connectors.http.run_limits import Allowance, NotTaken

ACCEPTED = "gzip"
"""What our requests say that they take (RFC 9110, section 12.5.3), beside bodies as they are."""

_PLAIN, _GZIP = frozenset({"", "identity"}), frozenset({"gzip", "x-gzip"})

_GZIP_FORMAT = 16 + zlib.MAX_WBITS
"""For zlib: a header and a checksum as RFC 1952 has them."""


class Broken(Exception):
    """A body that cannot be decompressed, or is cut off. A retry may help."""


@dataclass(frozen=True)
class Limits:
    """Of one answer, unpacked. Its values are objects, lists, and what stands between commas.

    Both are needed: an empty list takes two bytes on the wire, and thirty times that in memory.
    """

    bytes: int
    values: int = 1_000_000


@dataclass
class Body:
    """Takes pieces as they come, in one `encoding`; all answers together keep the `allowance`.

    Raises:
        NotTaken: by every method, and for an encoding that was not asked for: who packs twice
            makes gigabytes of a few bytes.
    """

    encoding: str
    limits: Limits
    allowance: Allowance
    _content: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        named = self.encoding.strip().lower()
        if named not in _PLAIN | _GZIP:
            raise NotTaken("the answer is packed in a way that was not asked for")
        self._unpacker = zlib.decompressobj(_GZIP_FORMAT) if named in _GZIP else None
        self._begun = False

    def add(self, piece: bytes) -> None:
        """Raises Broken, too."""
        self._begun |= bool(piece)
        if self._unpacker is None:
            self._keep(piece)
            return
        try:
            while piece:
                self._keep(self._unpacker.decompress(piece, self._room() + 1))
                piece = self._unpacker.unconsumed_tail or self._next_member()
        except zlib.error as error:
            raise Broken("the answer does not unpack") from error

    def whole(self) -> bytes:
        """All of it, once the last piece is there; raises Broken, too."""
        if self._unpacker and self._begun and not self._unpacker.eof:
            raise Broken("the answer breaks off")
        if self._has_too_many_values():
            raise NotTaken(f"the answer has more than {self.limits.values:,} values")
        return bytes(self._content)

    def _has_too_many_values(self) -> bool:
        """Each takes a byte at least. numpy counts ten times as fast as `bytes.count`."""
        if len(self._content) <= self.limits.values:
            return False
        import numpy as np  # here: hardly any body is so long

        content = np.frombuffer(self._content, np.uint8)
        values = sum(np.count_nonzero(content == mark) for mark in b"[{,")
        return bool(values > self.limits.values)

    def _next_member(self) -> bytes:
        """What follows the end of a gzip member: another one (RFC 1952, section 2.2)."""
        assert self._unpacker  # noqa: S101
        rest = self._unpacker.unused_data
        if rest:
            self._unpacker = zlib.decompressobj(_GZIP_FORMAT)
        return rest

    def _keep(self, piece: bytes) -> None:
        if len(piece) > self._room():
            raise NotTaken(f"the answer is larger than {self.limits.bytes >> 20} MB")
        self.allowance.receive(len(piece))
        self._content += piece

    def _room(self) -> int:
        return self.limits.bytes - len(self._content)
