"""Check: is everything there that a run needs? Told in plain words, one line each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from config.deviations import deviations
from config.settings import DirectoryFile, Settings, VendorSettings
from connectors.errors import CounterpartError
from connectors.export.directory import ExportedDirectory
from connectors.files import open_to_others
from connectors.scim.client import Scim
from connectors.seats import read_seats
from connectors.store.database import file_of
from jobs.check.groups import check_groups, check_sets
from jobs.check.habits import check_habits
from jobs.check.result import Check, fault, fine, in_full, warning
from jobs.context import utc_now
from jobs.reading import vendor_unread, why_unread
from reconciler.model.plural import Plural
from reconciler.planning.findings.expiry import expiry_warnings
from reconciler.planning.guards.time import switch_verdict, token_verdict
from reconciler.situations.run import VENDOR_READ_IN_PART

A_TIME_ZONE = timedelta(days=1)
"""Somewhere it is tomorrow already."""


def check_settings(settings: Settings) -> Iterator[Check]:
    """What can be checked with the file, those it names, and this machine's clock."""
    yield fine(f"configuration: {Plural(len(settings.subscription_sets)):set|sets}")
    yield from check_sets(settings)
    for deviation in deviations(settings.attribute_mapping):
        yield warning(f"mapping: {deviation}")
    yield from _token(settings.vendor, utc_now().date())
    switch = switch_verdict(settings.vendor)
    if not switch.passed:
        yield warning(
            f"switch: {switch.code} {switch.message} Until then no plan is applied. {switch.advice}"
        )
    try:
        yield fine(f"seats: {Plural(len(read_seats(settings))):product has|products have} a count")
    except CounterpartError as error:
        yield fault(f"seats: {error}")
    if isinstance(settings.directory, DirectoryFile):
        yield from _export(settings, settings.directory)
    yield from _open_to_others(settings)


def _open_to_others(settings: Settings) -> Iterator[Check]:
    """Whoever can write the store can lie about what was done; both have people's names in them."""
    for name, path, mode in (
        ("store", file_of(settings.store), 600),
        ("reports", settings.reports if settings.reports.is_dir() else None, 700),
    ):
        if path and (done := open_to_others(path)):
            yield warning(f"{name}: {path} can be {done} by others; run: chmod {mode} {path}")


def _token(vendor: VendorSettings, today: date) -> Iterator[Check]:
    """By what is configured; whether the vendor takes it, only `check --online` sees."""
    verdict = token_verdict(vendor, today)
    if vendor.token_issued > today + A_TIME_ZONE:
        yield fault(
            f"token: `vendor.token_issued` is {vendor.token_issued}, which is to come. Write the "
            "day on which the API token was generated in the Admin Portal."
        )
    elif verdict.passed:
        yield fine(f"token: as configured, it expires on {vendor.token_expires}")
    else:
        yield fault(f"token: {verdict.code} {verdict.message} {verdict.advice}")
    for found in expiry_warnings(vendor, None, today):
        yield warning(f"token: {found.code} {found.message} {found.advice}")


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


def _export(settings: Settings, directory: DirectoryFile) -> Iterator[Check]:
    export = ExportedDirectory(directory)
    try:
        content = export.content
        reads = export.read_sets(settings.subscription_sets, (), lambda _: None).reads
        written = datetime.fromtimestamp(directory.file.stat().st_mtime, UTC)
    except (CounterpartError, OSError) as error:
        yield fault(f"directory: {error}")
        return
    yield fine(
        f"directory: {Plural(len(content.groups)):group|groups} and "
        f"{Plural(len(content.users)):user|users} from {directory.file}, "
        f"written {written:%Y-%m-%d %H:%M} UTC; what changed in Entra ID since, "
        "no plan knows"
    )
    yield from check_groups(settings, reads)
