"""What went wrong, in words for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from config.seatsync_error import SeatsyncError
from config.secret_redaction import without_secrets
from jobs.output.exit_codes import Exit


class BrokenOff(SeatsyncError):
    """What ended a run after it had sent something to the vendor."""

    def __init__(self, run_id: str, cause: Exception) -> None:
        super().__init__(
            f"{in_plain_words(cause)}. Run {run_id} had sent changes to the vendor before. They "
            "stand; what was under way is read back before the next plan, which has the rest."
        )
        self.cause = cause


class UnusablePath(SeatsyncError):
    """A path of the command line cannot be read or written, or leads to something else."""


class UnusablePlans(SeatsyncError):
    """An id on the command line is no plan's that waits in a fleet."""


class UserNotFound(SeatsyncError):
    """A name on the command line is nobody's, or several users'."""


class NotConfigured(SeatsyncError):
    """A name on the command line that the configuration does not have."""


@contextmanager
def given_path(path: Path) -> Iterator[None]:
    """A path of the command line that cannot be used is wrong usage (64), and named."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        why = getattr(error, "strerror", None) or str(error)
        at = getattr(error, "filename", None) or path
        raise UnusablePath(str(at), why) from None


def exit_code_of(error: Exception) -> Exit:
    """What ends by this error, having sent nothing to the vendor before, ends with."""
    from config.load import ConfigError
    from connectors.store import errors as store

    match error:
        case UnusablePath() | UnusablePlans() | UserNotFound() | NotConfigured():
            return Exit.USAGE
        case store.PlanNotFound() | store.RunNotFound():
            return Exit.USAGE
        case store.TenantExists() | store.TenantNotFound():
            return Exit.USAGE
        case ConfigError():
            return Exit.CONFIGURATION
        case store.LeaseHeld() | store.LeaseLost():
            return Exit.BUSY
        case store.PlanAltered() | store.PlanUsed():
            return Exit.HELD
        case _:
            return Exit.FAILED


def in_plain_words(error: Exception) -> str:
    """The error's own text where it was written for people, else what is to be reported of it."""
    if isinstance(error, SeatsyncError):
        return str(error)
    frames = extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return without_secrets(
        f"seatsync met an error that it does not know, {type(error).__name__}{where}: {error}"
    )
