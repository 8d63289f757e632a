"""The part of check that needs a network: it reads all that a plan reads, in the same way.

Each part is read for itself, so that what is wrong with one hides nothing of the others.
"""

from collections.abc import Iterator

from config.directory import DirectoryFile
from config.settings import Settings
from jobs.check.result import Check, unproven
from jobs.check.store import check_store
from jobs.check.vendor import check_vendor
from jobs.clock import utc_now


def check_online(settings: Settings) -> Iterator[Check]:
    """What Entra ID, the vendor and the store's database answer."""
    if not isinstance(settings.directory, DirectoryFile):
        from jobs.check.tenant import check_tenant

        yield from check_tenant(settings, settings.directory, utc_now().date())
    else:
        yield unproven("single sign-on: not checked, for an export does not show it")
    yield from check_vendor(settings)
    yield check_store(settings)
