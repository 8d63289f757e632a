"""Durations as people write them."""

import re
from datetime import timedelta

_WRITTEN = re.compile(r"(?P<number>[0-9]{1,7})(?P<unit> ?[a-z]+)")
_LONGEST = timedelta(days=3650)

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "y": timedelta(days=365),
}

# The words of the vendor's portal (the guide, step 2): 90 days, 180 days, 1 year.
_UNITS |= dict.fromkeys((" day", " days"), _UNITS["d"])
_UNITS |= dict.fromkeys((" year", " years"), _UNITS["y"])


PATTERN = "^[0-9]{1,7}(m|h|d|y| days?| years?)$"
"""What `duration` takes, for a JSON Schema."""


def written(length: timedelta) -> str:
    """The shortest way to write it, such as ``24h`` or ``7d``."""
    unit = next(unit for unit in ("d", "h", "m") if not length % _UNITS[unit])
    return f"{length // _UNITS[unit]}{unit}"


def duration(text: object) -> timedelta:
    """``40m``, ``24h``, ``90d`` or ``90 days``, ``1y`` or ``1 year`` (365 days), up to ten years.

    Raises:
        ValueError: anything else.
    """
    if isinstance(text, timedelta):
        return text
    if isinstance(text, str) and (written := _WRITTEN.fullmatch(text)):
        unit = _UNITS.get(written["unit"])
        if unit and int(written["number"]) * unit <= _LONGEST:
            return int(written["number"]) * unit
    raise ValueError("expected a number and a unit, such as 40m, 24h, 90d or 1y; at most 10y")
