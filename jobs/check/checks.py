"""All that is checked, in its order, and the command that comes next."""

from collections.abc import Collection, Iterator

from config.settings import Settings
from jobs.check.result import Check
from jobs.check.settings import check_settings
from reconciler.model.phrasing import Plural


def checks(settings: Settings, *, online: bool, tell: bool) -> Iterator[Check]:
    """What is wrong with one part hides nothing of the others."""
    yield from check_settings(settings)
    if settings.notifications:
        from jobs.check.notifications import check_notifications

        yield from check_notifications(settings, tell=tell)
    if online:
        from jobs.check.online import check_online

        yield from check_online(settings)


def next_step(results: Collection[Check], *, online: bool) -> str:
    """What to type next."""
    failed = sum(not result.passed for result in results)
    if failed:
        again = "check --online" if online else "check"
        return f"{Plural(failed):thing is|things are} to be put right. Then again: seatsync {again}"
    return "Next: seatsync plan" if online else "Next: seatsync check --online"
