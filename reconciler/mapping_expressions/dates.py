"""Functions of dates, which are text in UTC as .NET writes it: ``3/16/2020 7:00:00 AM``."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from config.mapping_expressions.dotnet_date_format import DateFormat, to_utc
from reconciler.mapping_expressions.column import (
    BLANK,
    Column,
    ExpressionError,
    constant,
    each,
    single,
)
from reconciler.mapping_expressions.numbers import whole

_GENERAL, _DAY = DateFormat.parse("M/d/yyyy h:mm:ss tt"), DateFormat.parse("M/d/yyyy")

# ISO 8601, with a date's own offset, too: 2020-03-16-07:00, 2009-06-15T01:45:30-07:00.
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?))?"
    r" ?(?P<offset>Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)

_FILE_TIME_BEGAN = datetime(1601, 1, 1)


def now(moment: datetime | None) -> Column:
    """The time that the plan is made for."""
    if moment is None:
        return BLANK
    return constant(_GENERAL.write(moment.astimezone(UTC).replace(tzinfo=None)))


def cdate(expression: Column) -> Column:
    """The date that a text says, in UTC."""
    return each(
        lambda text: None if text is None else _GENERAL.write(_read(text)), single(expression)
    )


def date_add(interval: Column, value: Column, date_time: Column) -> Column:
    """A date so many intervals later."""
    unit = _literal(interval)

    def later(size: str | None, text: str | None) -> str | None:
        if text is None:
            return None
        number, moment = whole(size, "value of DateAdd"), _read(text)
        try:
            months = number * {"m": 1, "yyyy": 12}.get(unit, 0)
            moved = _months_later(moment, months) + number * _SPANS.get(unit, timedelta())
        except (OverflowError, ValueError):
            raise ExpressionError(f"{number} intervals after {text} is no date") from None
        return _GENERAL.write(moved)

    return each(later, single(value), single(date_time))


def date_diff(interval: Column, date1: Column, date2: Column) -> Column:
    """How many intervals the second date is after the first, as VB's DateDiff counts: whole ones of
    time, and of months and years the difference of their numbers; weeks begin on Sunday."""
    between = _DIFFERENCES[_literal(interval)]

    def difference(one: str | None, other: str | None) -> str | None:
        return None if one is None or other is None else str(between(_read(one), _read(other)))

    return each(difference, single(date1), single(date2))


def date_from_num(value: Column) -> Column:
    """The date of a time in Active Directory: units of 100 nanoseconds since 1601."""

    def moment(text: str | None) -> str | None:
        if text is None:
            return None
        try:
            ticks = whole(text, "value of DateFromNum")
            return _GENERAL.write(_FILE_TIME_BEGAN + timedelta(microseconds=ticks // 10))
        except OverflowError:
            raise ExpressionError(f"{text} is no time of Active Directory") from None

    return each(moment, single(value))


def num_from_date(value: Column) -> Column:
    """The time in Active Directory of a date: units of 100 nanoseconds since 1601."""

    def ticks(text: str | None) -> str | None:
        if text is None:
            return None
        return str((_read(text) - _FILE_TIME_BEGAN) // timedelta(microseconds=1) * 10)

    return each(ticks, single(value))


def format_date_time(
    source: Column, styles: Column, input_format: Column, output_format: Column
) -> Column:
    """A date in another format. White space around it does not count; the other styles come to the
    same, since all times are UTC."""
    reads, writes = (DateFormat.parse(_literal(one)) for one in (input_format, output_format))

    def formatted(text: str | None) -> str | None:
        if text is None:
            return None
        try:
            return writes.write(reads.read(text))
        except ValueError as error:
            raise ExpressionError(f"FormatDateTime: {error}") from None

    return each(formatted, single(source))


def _literal(column: Column) -> str:
    """What the configuration says, where nothing but a text in quotes is allowed."""
    return str(column.values.as_py())


def _read(text: str) -> datetime:
    """A moment in UTC."""
    try:
        found = _ISO.fullmatch(text.strip())
        if found is None:
            return (_GENERAL if " " in text.strip() else _DAY).read(text)
        wall = datetime.fromisoformat(f"{found['date']} {(found['time'] or '00:00')[:15]}")
        return to_utc(wall, found["offset"] or "")
    except ValueError:
        raise ExpressionError(f'"{text}" is no date such as 2020-03-16') from None


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day of another month, or its last day where it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


_SPANS: Mapping[str, timedelta] = MappingProxyType(
    {
        "d": timedelta(days=1),
        "ww": timedelta(weeks=1),
        "h": timedelta(hours=1),
        "n": timedelta(minutes=1),
        "s": timedelta(seconds=1),
    }
)


def _whole(span: timedelta, unit: timedelta) -> int:
    """How often the unit is in the span, rounded toward 0."""
    return abs(span) // unit * (1 if span >= timedelta() else -1)


def _sunday(moment: datetime) -> datetime:
    return moment - timedelta(days=moment.isoweekday() % 7)


def _spans(unit: str) -> Callable[[datetime, datetime], int]:
    return lambda one, other: _whole(other - one, _SPANS[unit])


_DIFFERENCES: Mapping[str, Callable[[datetime, datetime], int]] = MappingProxyType(
    {
        **{unit: _spans(unit) for unit in ("d", "h", "n", "s")},
        "yyyy": lambda one, other: other.year - one.year,
        "m": lambda one, other: (other.year - one.year) * 12 + other.month - one.month,
        "ww": lambda one, other: _whole(_sunday(other) - _sunday(one), _SPANS["ww"]),
    }
)
