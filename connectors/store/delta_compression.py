"""Contents that resemble one another, each compressed against its successor.

That is what `zstd --patch-from` does: the successor is the prefix in which matches are found.
"""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LEVEL = 3
_SMALLEST_WINDOW, _LARGEST_WINDOW = 10, 31
"""Logarithms of the bytes over which what is the same is found: all that zstd allows."""

_SHORTEST_PREFIX = 8
"""Bytes of which zstd makes a prefix."""


def difference(content: bytes, successor: bytes = b"") -> bytes:
    """What `content` has otherwise than `successor`, with a checksum; all of it, without one."""
    parameter = zstd.CompressionParameter
    options: dict[int, int] = {
        parameter.compression_level: _LEVEL,
        parameter.checksum_flag: 1,
        parameter.enable_long_distance_matching: 1,
        parameter.window_log: min(
            max((len(content) + len(successor)).bit_length(), _SMALLEST_WINDOW), _LARGEST_WINDOW
        ),
    }
    return zstd.compress(content, options=options, zstd_dict=_prefix(successor))


def restored(compressed: bytes, successor: bytes = b"") -> bytes:
    """The content whose `difference` from this successor it is.

    Raises:
        ValueError: it is damaged, or is the difference from another one.
    """
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}
    try:
        return zstd.decompress(compressed, _prefix(successor), options)
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from error


def _prefix(content: bytes) -> "tuple[zstd.ZstdDict, int] | None":
    if len(content) < _SHORTEST_PREFIX:
        return None
    return zstd.ZstdDict(content, is_raw=True).as_prefix
