"""Every way in which a command can fail: one text for people, one documented exit code."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import click

from jobs.output.console import say, say_all, tell
from jobs.output.exit_codes import Exit
from jobs.output.failures import (
    BrokenOff,
    NotConfigured,
    UnusablePath,
    UserNotFound,
    exit_code_of,
    in_plain_words,
)

if TYPE_CHECKING:
    from connectors.store.errors import StoreError

P = ParamSpec("P")

OF_DEMO = frozenset({"scim2_server", "trustme", "werkzeug"})
"""What the extra `demo` installs, as it is imported; nothing but the sandbox needs it."""


OF_FLEET = frozenset({"procrastinate"})
"""The same of the extra `fleet`, which the queue of many tenants needs."""


def reporting(command: Callable[P, Exit]) -> Callable[P, None]:
    """Runs a command, says on stderr what went wrong, and exits with its code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise SystemExit(int(_run(lambda: command(*args, **kwargs))))

    return run


def _run(command: Callable[[], Exit]) -> Exit:
    try:
        return command()
    except BrokenOff as error:
        say(str(error))
        return Exit.PARTIAL
    except (click.Abort, click.UsageError):  # Ctrl-C at a question; click tells the usage
        raise
    except Exception as error:
        _tell(error)
        return exit_code_of(error)


def _tell(error: Exception) -> None:
    """Of a run that has changed nothing at the vendor."""
    from config.load import ConfigError
    from connectors.store.errors import StoreError
    from reconciler.no_plan import NoPlan
    from reconciler.situations import RUN, finding
    from reconciler.situations.runs import CONFIGURATION_INVALID

    match error:
        case UnusablePath() | UserNotFound() | NotConfigured():
            say(str(error))
        case ConfigError():
            invalid = [finding(CONFIGURATION_INVALID, RUN, why=why) for why in error.problems]
            say_all([found.message for found in invalid])
        case StoreError():
            _tell_of_the_store(error)
        case ModuleNotFoundError() if str(error.name).partition(".")[0] in OF_DEMO:
            say(
                "The sandbox needs packages that are not installed here. Run: "
                "pip install 'seatsync[demo]'; or, in a checkout: make .venv/ready"
            )
        case ModuleNotFoundError() if error.name in OF_FLEET:
            say(
                "The queue of a fleet needs packages that are not installed here. Run: "
                "pip install 'seatsync[fleet]'"
            )
        case NoPlan():
            tell(error.finding)
        case _:
            say(in_plain_words(error))


def _tell_of_the_store(error: "StoreError") -> None:
    from connectors.store.errors import (
        LeaseHeld,
        LeaseLost,
        PlanAltered,
        PlanNotFound,
        PlanUsed,
        RunNotFound,
    )
    from reconciler.situations import RUN, finding
    from reconciler.situations.plans import PLAN_ALTERED, PLAN_USED
    from reconciler.situations.runs import LEASE_HELD, STORE_UNUSABLE

    match error:
        case LeaseHeld():
            since = f"{error.since:%Y-%m-%d %H:%M} UTC"
            tell(finding(LEASE_HELD, RUN, run=error.run_id, host=error.host, since=since))
        case LeaseLost() | PlanNotFound() | RunNotFound():
            say(str(error))
        case PlanAltered():
            tell(finding(PLAN_ALTERED, RUN, plan=error.plan_id, why=error.why))
        case PlanUsed():
            at = f"{error.at:%Y-%m-%d %H:%M} UTC"
            tell(finding(PLAN_USED, RUN, plan=error.plan_id, run=error.run_id, at=at))
        case _:
            tell(finding(STORE_UNUSABLE, RUN, why=error))
