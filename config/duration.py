"""Durations as people write them."""

from datetime import timedelta

_LONGEST = timedelta(days=3650)

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "y": timedelta(days=365),
}


def duration(text: object) -> timedelta:
    """``40m``, ``24h``, ``90d`` or ``1y`` (365 days), up to ten years.

    Raises:
        ValueError: anything else.
    """
    if isinstance(text, timedelta):
        return text
    if isinstance(text, str) and text[:-1].isascii() and text[:-1].isdecimal():
        unit = _UNITS.get(text[-1])
        if unit and len(text) < 9 and int(text[:-1]) * unit <= _LONGEST:
            return int(text[:-1]) * unit
    raise ValueError("expected a number and a unit, such as 40m, 24h, 90d or 1y; at most 10y")
