"""The part of check that needs a network: Entra ID, the vendor, and what runs saw of its server."""

from collections.abc import Iterator

from config.settings import DirectoryFile, Settings
from connectors.errors import CounterpartError
from connectors.scim.client import Scim
from jobs.check.habits import check_habits
from jobs.check.result import Check, fault, fine, in_full
from jobs.clock import utc_now
from jobs.reading.faults import vendor_unread, why_unread
from reconciler.model.plural import Plural
from reconciler.situations.whole_run import VENDOR_READ_IN_PART


def check_online(settings: Settings) -> Iterator[Check]:
    """What has to be asked of Entra ID and the vendor."""
    if not isinstance(settings.directory, DirectoryFile):
        from jobs.check.tenant import check_tenant

        yield from check_tenant(settings, settings.directory, utc_now().date())
    else:
        yield fine("single sign-on: not checked, for an export does not show it")
    try:
        with Scim(settings.vendor, settings.attribute_mapping.targets) as vendor:
            probe = vendor.probe()
    except CounterpartError as error:
        found = vendor_unread(error)
        why = why_unread(error) if found.code == VENDOR_READ_IN_PART.code else in_full(found)
        yield fault(f"{settings.vendor.name}: {why}")
    else:
        groups = "" if probe.groups is None else f", {Plural(probe.groups):group|groups}"
        claims = f"; it claims {', '.join(probe.supports)}" if probe.supports else ""
        yield fine(
            f"{settings.vendor.name}: {Plural(probe.users):user|users}{groups} over SCIM{claims}"
        )
    yield from check_habits(settings)
