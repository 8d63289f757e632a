"""A run or a stage of it, as a trace shows it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TimedWork:
    """When it was begun and ended, in seconds since 1970, what was counted, and how it went."""

    name: str
    begun: float
    ended: float
    facts: Mapping[str, str | int | float | bool]
    failed: bool = False
