"""Every way in which a command can fail: one text for people, one documented exit code."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import click

from jobs.exits import Exit

if TYPE_CHECKING:
    from connectors.store.errors import StoreError
    from reconciler.model.plan import Finding

P = ParamSpec("P")


def reporting(command: Callable[P, Exit]) -> Callable[P, None]:
    """Runs a command, says on stderr what went wrong, and exits with its code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise SystemExit(int(_run(lambda: command(*args, **kwargs))))

    return run


def _run(command: Callable[[], Exit]) -> Exit:
    from config.load import ConfigError
    from connectors.errors import ConnectorError
    from connectors.store.errors import LeaseHeld, StoreError
    from reconciler.reconcile import NoPlan
    from reconciler.situations import RUN, finding

    try:
        return command()
    except ConfigError as error:
        for problem in error.problems:
            say(finding("R15", RUN, why=problem).message)
        return Exit.CONFIGURATION
    except LeaseHeld as error:
        facts = {"run": error.run_id, "host": error.host, "since": f"{error.since:%Y-%m-%d %H:%M}"}
        tell(finding("R12", RUN, **facts))
        return Exit.BUSY
    except StoreError as error:
        return _refused_by_the_store(error)
    except NoPlan as error:
        tell(error.finding)
        return Exit.FAILED
    except ConnectorError as error:
        say(str(error))
        return Exit.FAILED


def _refused_by_the_store(error: "StoreError") -> Exit:
    from connectors.store.errors import (
        LeaseLost,
        PlanAltered,
        PlanNotFound,
        PlanUsed,
        RunNotFound,
    )
    from reconciler.situations import RUN, finding

    match error:
        case LeaseLost():
            say(str(error))
            return Exit.BUSY
        case PlanNotFound() | RunNotFound():
            say(str(error))
            return Exit.USAGE
        case PlanAltered():
            tell(finding("P5", RUN, plan=error.plan_id, why=error.why))
            return Exit.HELD
        case PlanUsed():
            at = f"{error.at:%Y-%m-%d %H:%M}"
            tell(finding("P6", RUN, plan=error.plan_id, run=error.run_id, at=at))
            return Exit.HELD
        case _:
            tell(finding("R14", RUN, why=error))
            return Exit.FAILED


def tell(found: "Finding") -> None:
    """A finding, with its advice, on stderr."""
    say(f"{found.code}: {found.message} {found.advice}".strip())


def say(text: str) -> None:
    """One line on stderr."""
    from jobs.report.clean import shown

    click.echo(shown(text), err=True)
