"""Durations as people write them."""

from datetime import timedelta

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "y": timedelta(days=365),
}


def duration(text: object) -> timedelta:
    """``40m``, ``24h``, ``90d`` or ``1y`` (365 days).

    Raises:
        ValueError: anything else.
    """
    if isinstance(text, timedelta):
        return text
    if isinstance(text, str) and text[:-1].isascii() and text[:-1].isdecimal():
        unit = _UNITS.get(text[-1])
        if unit and len(text) < 8:
            return int(text[:-1]) * unit
    raise ValueError("expected a number and a unit, such as 40m, 24h, 90d or 1y")
