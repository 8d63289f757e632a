"""Faults of reading, as situations; the store's own faults stay its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from config.directory import DirectoryFile
from config.settings import Settings
from connectors.errors import CounterpartError, NoCredential, Unauthorized
from connectors.scim.errors import ScimRefused
from reconciler.model.plan import Finding
from reconciler.no_plan import NoPlan
from reconciler.situations import RUN, finding, of_export
from reconciler.situations.plans import THROTTLED
from reconciler.situations.runs import DIRECTORY_UNREACHABLE, VENDOR_READ_IN_PART
from reconciler.situations.token import TOKEN_INSUFFICIENT, TOKEN_REFUSED

FORBIDDEN = 403

# How servers answer that they have no such collection at all.
_NONE_SUCH = {404, 405, 501}


def reading_vendor() -> AbstractContextManager[None]:
    """Within it, whatever is wrong with the vendor is NoPlan: T2, T3, P9, or R3."""
    return _reading(vendor_unread)


def reading_directory(settings: Settings) -> AbstractContextManager[None]:
    """Within it, whatever is wrong with the tenant or an export is NoPlan: R1."""
    return _reading(partial(_directory_unread, settings))


def vendor_unread(error: CounterpartError) -> Finding:
    """Its token (T2, T3), its patience (P9), or anything else (R3)."""
    if isinstance(error, NoCredential):
        return finding(
            TOKEN_REFUSED, RUN, why=f"The vendor's API token cannot be used: {error.why}."
        )
    if isinstance(error, Unauthorized):
        return finding(TOKEN_REFUSED, RUN, why=f"The vendor refused the API token ({error}).")
    if isinstance(error, ScimRefused) and error.throttled:
        return finding(THROTTLED, RUN, why=error, so_far="nothing was planned or changed")
    if isinstance(error, ScimRefused) and error.status == FORBIDDEN:
        return finding(TOKEN_INSUFFICIENT, RUN, why=error)
    return finding(VENDOR_READ_IN_PART, RUN, why=why_unread(error))


def why_unread(error: CounterpartError) -> str:
    """What the vendor said, with advice where it may be a vendor without groups."""
    refused = isinstance(error, ScimRefused) and error.status in _NONE_SUCH
    if refused and error.what.startswith("GET /Groups at "):
        return (
            f"{error}; where a vendor has no groups, `vendor.membership` says which attribute of "
            "the user holds the set"
        )
    return str(error)


def _directory_unread(settings: Settings, error: CounterpartError) -> Finding:
    found = finding(DIRECTORY_UNREACHABLE, RUN, why=error)
    return of_export(found) if isinstance(settings.directory, DirectoryFile) else found


@contextmanager
def _reading(situation_of: Callable[[CounterpartError], Finding]) -> Iterator[None]:
    try:
        yield
    except CounterpartError as error:
        raise NoPlan(situation_of(error)) from error
