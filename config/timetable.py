"""When runs begin."""

from datetime import timedelta
from typing import Self

from pydantic import field_validator, model_validator

from config.field_types import CronExpression, Duration, TimeOfDay, TimeZone
from config.section import Section


class Timetable(Section):
    """When ``seatsync schedule`` starts a run: at times of day, by a cron expression, or at an
    interval; and later where runs keep failing."""

    at: tuple[TimeOfDay, ...] = ()
    """Times of day, such as "03:00"."""

    cron: CronExpression | None = None
    """Minute, hour, day of the month, month, day of the week, as in crontab: "30 3 * * MON-FRI"."""

    every: Duration | None = None
    """Counted from the start of the run before."""

    time_zone: TimeZone | None = None
    """Of `at` and `cron`, such as Europe/Berlin; by default the machine's own."""

    jitter: Duration = timedelta(0)
    """Each run of `at` and `cron` begins up to so much later, so that not everybody's begin at
    once; shorter than what lies between two runs."""

    @field_validator("every")
    @classmethod
    def _some_time(cls, every: timedelta | None) -> timedelta | None:
        if every is not None and not every:
            raise ValueError("expected at least 1m")
        return every

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if [bool(self.at), bool(self.cron), bool(self.every)].count(True) != 1:
            raise ValueError('give one of `at: ["03:00"]`, `cron: "0 3 * * *"` and `every: 40m`')
        return self

    @property
    def expressions(self) -> tuple[str, ...]:
        """`at` and `cron` in the syntax of cron; none at an interval."""
        times = (text.split(":") for text in self.at)
        written = tuple(f"{int(minute)} {int(hour)} * * *" for hour, minute in times)
        return (self.cron,) if self.cron else written
