""".NET's custom date and time formats in the invariant culture, such as ``yyyy-MM-ddTHH:mm:ss``.

.NET, "Custom date and time format strings". All times are UTC: one with an offset is converted, as
on Entra's servers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_PART = re.compile(
    r"(?P<specifier>d{1,4}|f{1,7}|F{1,7}|hh?|HH?|mm?|M{1,4}|ss?|tt?|y{1,4}|z{1,3}|K)"
    r"|%|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|\\(?P<escaped>.)|(?P<literal>[^'\"\\])",
    re.DOTALL,
)


@dataclass(frozen=True)
class DateFormat:
    """Specifiers, and between them text that stands for itself."""

    parts: tuple[tuple[str, bool], ...]
    """Texts, and whether each is a specifier."""

    @staticmethod
    def parse(text: str) -> "DateFormat":
        """Raises ValueError if the text is no custom format."""
        if len(text) < 2:
            raise ValueError(
                f'"{text}" is no custom format of .NET; write it out, such as yyyy-MM-dd'
            )
        parts, at = [], 0
        while at < len(text):
            found = _PART.match(text, at)
            if found is None:
                raise ValueError(f'"{text[at:]}" has no end')
            specifier = found["specifier"]
            literal = next(filter(None, found.group("single", "double", "escaped", "literal")), "")
            parts.append((specifier or literal, specifier is not None))
            at = found.end()
        return DateFormat(tuple(parts))

    @property
    def has_year(self) -> bool:
        """Without one, .NET reads a date as one of the present year."""
        return any(part[0] == "y" for part, is_specifier in self.parts if is_specifier)

    def write(self, moment: datetime) -> str:
        """The moment (UTC) in this format."""
        return "".join(
            _WRITE[part[0]](moment, len(part)) if is_specifier else part
            for part, is_specifier in self.parts
        )

    def read(self, text: str) -> datetime:
        """The moment (UTC) that the text says; white space around it does not count.

        Raises:
            ValueError: the text has another format, or there is no such moment.
        """
        pattern = "".join(
            f"({_read(part)})" if is_specifier else re.escape(part)
            for part, is_specifier in self.parts
        )
        found = re.fullmatch(pattern, text.strip(), re.ASCII | re.IGNORECASE)
        if found is None:
            raise ValueError(f'"{text}" does not have the format')
        specifiers = (part for part, is_specifier in self.parts if is_specifier)
        return _moment(
            {part[0]: said for part, said in zip(specifiers, found.groups(), strict=True)}
        )


def _offset(_: datetime, size: int) -> str:
    return {1: "+0", 2: "+00"}.get(size, "+00:00")


def _hour_of_12(moment: datetime) -> int:
    return moment.hour % 12 or 12


_WRITE: Mapping[str, Callable[[datetime, int], str]] = MappingProxyType(
    {
        "d": lambda t, n: _named(_WEEKDAYS, t.weekday(), n) if n > 2 else f"{t.day:0{n}}",
        "M": lambda t, n: _named(_MONTHS, t.month - 1, n) if n > 2 else f"{t.month:0{n}}",
        "y": lambda t, n: f"{t.year:0{n}}" if n > 2 else f"{t.year % 100:0{n}}",
        "h": lambda t, n: f"{_hour_of_12(t):0{n}}",
        "H": lambda t, n: f"{t.hour:0{n}}",
        "m": lambda t, n: f"{t.minute:0{n}}",
        "s": lambda t, n: f"{t.second:0{n}}",
        "f": lambda t, n: f"{t.microsecond:06}0"[:n],
        "F": lambda t, n: f"{t.microsecond:06}0"[:n].rstrip("0"),
        "t": lambda t, n: ("AM" if t.hour < 12 else "PM")[:n],
        "z": _offset,
        "K": lambda t, n: "Z",
    }
)


def _named(names: tuple[str, ...], at: int, size: int) -> str:
    return names[at][:3] if size == 3 else names[at]


def _read(specifier: str) -> str:
    """The regular expression of what a specifier reads."""
    size = len(specifier)
    match specifier[0], size:
        case "d", 3 | 4:
            return "|".join(name[: 3 if size == 3 else None] for name in _WEEKDAYS)
        case "M", 3 | 4:
            return "|".join(name[: 3 if size == 3 else None] for name in _MONTHS)
        case "y", 3 | 4:
            return rf"\d{{{size}}}"
        case "f", _:
            return rf"\d{{{size}}}"
        case "F", _:
            return rf"\d{{0,{size}}}"
        case "t", _:
            return "AM|PM" if size == 2 else "A|P"
        case "z", _:
            return r"[+-]\d\d?(?::?\d\d)?"
        case "K", _:
            return r"(?:Z|[+-]\d\d:\d\d)?"
    return r"\d\d" if size == 2 else r"\d\d?"


def _moment(said: Mapping[str, str]) -> datetime:
    """From what each specifier read, by its letter."""
    wall = datetime(
        _year(said.get("y", "1")),
        _month(said.get("M", "1")),
        int(day) if (day := said.get("d", "1")).isdecimal() else 1,
        _hour(said),
        int(said.get("m", 0)),
        int(said.get("s", 0)),
        int((said.get("f") or said.get("F") or "0").ljust(6, "0")[:6]),
    )
    return to_utc(wall, said.get("z") or said.get("K") or "")


def _year(text: str) -> int:
    # .NET, Calendar.TwoDigitYearMax of the invariant culture.
    return int(text) if len(text) > 2 else int(text) + (2000 if int(text) <= 49 else 1900)


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return [name[:3].casefold() for name in _MONTHS].index(text[:3].casefold()) + 1


def _hour(said: Mapping[str, str]) -> int:
    hour = int(said.get("H", said.get("h", "0")))
    if "t" in said and "H" not in said:
        return hour % 12 + (12 if said["t"][0] in "Pp" else 0)
    return hour


def to_utc(wall: datetime, offset: str) -> datetime:
    """The wall time of a place with this offset, such as ``-07:00``, ``Z`` or nothing, in UTC.

    Raises:
        ValueError: it is outside the calendar.
    """
    if offset in ("", "Z", "z"):
        return wall
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    east = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        return wall - east if offset[0] == "+" else wall + east
    except OverflowError:
        raise ValueError("the date is outside the calendar") from None
