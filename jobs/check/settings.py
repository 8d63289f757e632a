"""The part of check that needs no network: the file, those it names, and this machine's clock."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from config.attribute_mapping_deviations import deviations
from config.directory import DirectoryFile
from config.examples import left_as_in_the_template
from config.operating_system import closing_command, open_to_others
from config.secret_reference import SecretUnavailable
from config.settings import Settings
from config.vendor import VendorSettings
from connectors.errors import CounterpartError
from connectors.files.seat_inventory import read_seats
from connectors.secrets.read_and_write import read_secret
from connectors.store.store_file import file_of
from jobs.check.result import Check, fault, fine, in_full, warning
from jobs.clock import utc_now
from reconciler.facts.set_bindings import configuration_findings
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Subject
from reconciler.planning.findings.expiring_credentials import expiry_warnings
from reconciler.planning.guards.vendor_would_accept import switch_verdict, token_verdict
from reconciler.seats.trusted_counts import purchased
from reconciler.situations import finding
from reconciler.situations.seats import COUNT_UNUSABLE

A_TIME_ZONE = timedelta(days=1)
"""Somewhere it is tomorrow already."""


def check_settings(settings: Settings) -> Iterator[Check]:
    """What can be checked with the file, those it names, and this machine's clock."""
    yield fine(f"configuration: {Plural(len(settings.subscription_sets)):set|sets}")
    yield from (fault(f"configuration: {told}") for told in left_as_in_the_template(settings))
    yield from _secrets(settings)
    yield from (fault(in_full(found)) for found in configuration_findings(settings))
    for deviation in deviations(settings.attribute_mapping):
        yield warning(f"mapping: {deviation}")
    today = utc_now().date()
    yield from _token(_with_newest_token(settings, today).vendor, today)
    switch = switch_verdict(settings.vendor)
    if not switch.passed:
        yield warning(
            f"switch: {switch.code} {switch.message} Until then no plan is applied. {switch.advice}"
        )
    yield from _seats(settings, today)
    if isinstance(settings.directory, DirectoryFile):
        from jobs.check.entra_export import check_export

        yield from check_export(settings, settings.directory)
    yield from _open_to_others(settings)


def _seats(settings: Settings, today: date) -> Iterator[Check]:
    """Whether every count is a number that a plan would use (S6)."""
    try:
        counts = read_seats(settings)
    except CounterpartError as error:
        yield fault(f"seats: {error}")
        return
    judged = {it.product: purchased(it, settings.policy.max_seat_age, today)[1] for it in counts}
    usable = [product for product, why in judged.items() if not why]
    yield fine(f"seats: {Plural(len(usable)):product has|products have} a count")
    for product, why in judged.items():
        if why:
            subject = Subject(kind="product", id=product, name=product)
            yield fault(f"seats: {in_full(finding(COUNT_UNUSABLE, subject, why=why))}")


def _secrets(settings: Settings) -> Iterator[Check]:
    """Whether each is there on this machine; whether it is accepted, only `check --online` sees."""
    for reference in settings.secrets:
        try:
            read_secret(reference)
        except SecretUnavailable as error:
            yield warning(f"secret: {error}; a run needs it")


def _open_to_others(settings: Settings) -> Iterator[Check]:
    """Whoever can write the store can lie about what was done; both have people's names in them."""
    for name, path in (
        ("store", file_of(settings.store)),
        ("reports", settings.reports if settings.reports.is_dir() else None),
    ):
        if path and (done := open_to_others(path)):
            yield warning(f"{name}: {path} can be {done} by others; run: {closing_command(path)}")


def _with_newest_token(settings: Settings, today: date) -> Settings:
    """The store may know of a newer one; it is opened only where the file's one ends soon."""
    if (
        not [*expiry_warnings(settings.vendor, None, today)]
        and token_verdict(settings.vendor, today).passed
    ):
        return settings
    from jobs.check.store import asked_of_the_store
    from jobs.context import with_recorded_token

    return asked_of_the_store(settings, partial(with_recorded_token, settings), settings)


def _token(vendor: VendorSettings, today: date) -> Iterator[Check]:
    """By what is configured; whether the vendor takes it, only `check --online` sees."""
    verdict = token_verdict(vendor, today)
    if vendor.token_issued > today + A_TIME_ZONE:
        yield fault(
            f"token: `vendor.token_issued` is {vendor.token_issued}, which is to come. Write the "
            "day on which the API token was generated in the Admin Portal."
        )
    elif verdict.passed:
        yield fine(f"token: by its dates, it expires on {vendor.token_expires}")
    else:
        yield fault(f"token: {verdict.code} {verdict.message} {verdict.advice}")
    for found in expiry_warnings(vendor, None, today):
        yield warning(f"token: {found.code} {found.message} {found.advice}")
