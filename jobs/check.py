"""Check: is everything there that a run needs? Told in plain words, one line each."""

from collections.abc import Iterator
from dataclasses import dataclass

from config.settings import Settings
from connectors.entra.client import NEEDED_ROLES, Access, Entra
from connectors.errors import ConnectorError
from connectors.scim.client import Scim
from connectors.seats import read_seats
from jobs.context import utc_now
from reconciler.guards.time import expiry_warnings, token_verdict
from reconciler.model.plan import Severity
from reconciler.model.snapshot import Directory, SeatCount, Snapshot, Target
from reconciler.sets import judge_sets


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    passed: bool
    text: str


def check_settings(settings: Settings) -> Iterator[Check]:
    """What the file and this machine's clock can tell."""
    yield Check(True, f"configuration: {len(settings.subscription_sets)} sets")
    today = utc_now().date()
    verdict = token_verdict(settings.vendor, today)
    yield Check(verdict.passed, f"token: {verdict.message} {verdict.advice}".strip())
    for warning in expiry_warnings(settings.vendor, None, today):
        yield Check(True, f"token: {warning.message} {warning.advice}")
    try:
        yield Check(True, f"seats: {len(read_seats(settings))} products have a count")
    except ConnectorError as error:
        yield Check(False, f"seats: {error}")


def check_online(settings: Settings) -> Iterator[Check]:
    """What only Entra ID and the vendor can tell."""
    try:
        access = Entra(settings.directory).check(settings.subscription_sets)
    except ConnectorError as error:
        yield Check(False, f"Entra ID: {error}")
    else:
        yield from _entra(settings, access)
    try:
        with Scim(settings.vendor, settings.attribute_mapping.targets) as vendor:
            probe = vendor.probe()
    except ConnectorError as error:
        yield Check(False, f"{settings.vendor.name}: {error}")
    else:
        yield Check(
            True, f"{settings.vendor.name}: {probe.users} users, {probe.groups} groups over SCIM"
        )


def _entra(settings: Settings, access: Access) -> Iterator[Check]:
    yield Check(True, "Entra ID: the credential is accepted")
    for role in sorted(NEEDED_ROLES):
        granted = role in access.roles
        yield Check(granted, f"permission {role}: {'granted' if granted else 'missing'}")
    for role in sorted(access.roles - NEEDED_ROLES - {"Application.Read.All"}):
        yield Check(True, f"permission {role}: not needed; take it away")
    judged = judge_sets(settings, _seen(settings, access)) if access.reads else None
    for fault in judged.findings if judged else ():
        only_warns = fault.severity is Severity.WARNING
        yield Check(only_warns, f"{fault.code} {fault.message} {fault.advice}")
    if judged and not judged.frozen:
        yield Check(True, "groups: every set has exactly one group of its name")
    if settings.directory.enterprise_app:
        yield _single_sign_on(settings.directory.enterprise_app, access.single_sign_on)


def _seen(settings: Settings, access: Access) -> Snapshot:
    """As much of a snapshot as tells about the sets; of the inventory it is not the question."""
    return Snapshot(
        Directory(settings.directory.tenant_id, access.reads),
        Target(settings.vendor.base_url),
        tuple(SeatCount(product, None) for product in settings.products),
    )


def _single_sign_on(name: str, mode: str | None) -> Check:
    if mode is None:
        return Check(True, f'single sign-on of "{name}": not readable (Application.Read.All)')
    if not mode:
        return Check(False, f'single sign-on of "{name}" is not set up; the vendor requires it')
    return Check(True, f'single sign-on of "{name}": {mode}')
