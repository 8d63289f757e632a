"""The part of check that reads Entra ID: credential, permissions, groups, single sign-on."""

from collections.abc import Iterator
from datetime import date

from config.credential import ClientSecret, ManagedIdentity
from config.directory import DirectorySettings
from config.settings import Settings
from connectors.entra.client import Entra
from connectors.entra.permissions import (
    NEEDED_ROLES,
    SEES_APPLICATIONS,
    SEES_HIDDEN,
    SEES_SIGN_INS,
    Access,
    is_hidden,
)
from connectors.errors import CounterpartError
from jobs.check.groups import check_groups, check_users
from jobs.check.result import Check, fault, fine, in_full, unproven, warning
from jobs.output.stage import stage
from jobs.reading.faults import reading_directory
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding
from reconciler.model.snapshot import Directory
from reconciler.no_plan import NoPlan
from reconciler.planning.findings.expiring_credentials import WARNING_DAYS
from reconciler.planning.guards.vendor_would_accept import clock_verdict

_UNLICENSED = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
"""Graph's code where the tenant has no licence for it."""

_LOST_WITHOUT = {
    "GroupMember.Read.All": "groups and their members",
    "User.Read.All": "members' names and mail addresses",
    SEES_HIDDEN: "members of groups that hide them",
}


def check_tenant(settings: Settings, tenant: DirectorySettings, today: date) -> Iterator[Check]:
    """One line for each thing; nothing further if the credential is not accepted."""
    entra = Entra(tenant)
    try:
        access = entra.check()
    except CounterpartError as error:
        yield fault(f"Entra ID: {error}")
        return
    yield fine("Entra ID: the credential is accepted")
    yield _expiry(tenant, access, today)
    directory = _read(settings, entra)
    hidden = isinstance(directory, Directory) and any(map(is_hidden, directory.reads))
    yield from _permissions(tenant, access, hidden)
    if isinstance(directory, Directory):
        yield from _clock(directory)
        yield from check_groups(settings, directory)
        yield from check_users(directory)
    elif access.roles >= NEEDED_ROLES:
        yield fault(f"Entra ID: {in_full(directory)}")
    if tenant.enterprise_app:
        yield _single_sign_on(tenant, tenant.enterprise_app, access)
    else:
        yield unproven(
            "single sign-on: not checked. With the name of the vendor's enterprise application in "
            "`directory.enterprise_app` it is; the vendor requires it"
        )
    if tenant.sign_ins:
        yield _sign_ins(tenant, access)


def _read(settings: Settings, entra: Entra) -> Directory | Finding:
    """Every set's group with its members, as a plan reads them; or why a plan could not."""
    attributes = settings.directory_attributes
    try:
        with reading_directory(settings), stage("read_directory", "Reading Entra ID") as reading:
            return entra.read_sets(settings.subscription_sets, attributes, reading.advance)
    except NoPlan as error:
        return error.finding


def _clock(directory: Directory) -> Iterator[Check]:
    """R11: tokens and plans are of no use by a wrong clock."""
    verdict = clock_verdict(directory.clock_skew)
    if not verdict.passed:
        yield fault(f"clock: {verdict.code} {verdict.message} {verdict.advice}")


def _expiry(tenant: DirectorySettings, access: Access, today: date) -> Check:
    """T6: a credential that ends within the month is replaced before it does."""
    credential = tenant.credential
    what = "the client secret" if isinstance(credential, ClientSecret) else "the certificate"
    if access.expires:
        days = (access.expires - today).days
        text = f"{what} expires in {Plural(days):day|days}, on {access.expires}"
        if days > WARNING_DAYS:
            return fine(f"credential: {text}")
        return warning(
            f"credential: T6 {text}. Create another one under {_place('Certificates & secrets')}, "
            "put it in the place of this one, and remove this one last."
        )
    if not isinstance(credential, ClientSecret):
        return fine("credential: the platform renews it; it has no day on which it expires")
    why = (
        "the tenant does not show this app's secrets"
        if SEES_APPLICATIONS in access.roles
        else f"that takes the permission {SEES_APPLICATIONS}"
    )
    return unproven(
        f"credential: when {what} expires cannot be read ({why}); note the day yourself"
    )


def _permissions(tenant: DirectorySettings, access: Access, hidden: bool) -> Iterator[Check]:
    """`hidden`: a group hides its members (R5); without the permission it looks empty."""
    needed = NEEDED_ROLES | ({SEES_HIDDEN} if hidden else set())
    for role in sorted(needed):
        if role in access.roles:
            yield fine(f"permission {role}: granted")
        else:
            lost = _LOST_WITHOUT[role]
            yield fault(
                f"permission {role}: missing, so {lost} cannot be read. {_grant(tenant, role)}"
            )
    wanted = {SEES_APPLICATIONS} | ({SEES_SIGN_INS} if tenant.sign_ins else set())
    for role in sorted(access.roles - needed - wanted):
        yield warning(
            f"permission {role}: not needed; take it away, for seatsync only reads groups"
        )


def _single_sign_on(tenant: DirectorySettings, name: str, access: Access) -> Check:
    modes = access.single_sign_on
    if modes is None:
        return warning(
            f'single sign-on of "{name}": not readable without {SEES_APPLICATIONS}. '
            f"{_grant(tenant, SEES_APPLICATIONS)} Or leave `directory.enterprise_app` away."
        )
    if not modes:
        return fault(
            f'single sign-on: there is no enterprise application "{name}". Correct '
            "`directory.enterprise_app`, or add the vendor's application under Enterprise "
            "applications > New application."
        )
    if not max(modes):
        return fault(
            f'single sign-on of "{name}" is not set up, and the vendor requires it. Set it up '
            f"under Enterprise applications > {name} > Single sign-on."
        )
    return fine(f'single sign-on of "{name}": {max(modes)}')


def _sign_ins(tenant: DirectorySettings, access: Access) -> Check:
    """Without them nobody is idle; nothing else depends on them."""
    why, app = access.no_sign_ins, tenant.enterprise_app
    if SEES_SIGN_INS not in access.roles:
        return warning(
            f"sign-ins: not readable without {SEES_SIGN_INS}. {_grant(tenant, SEES_SIGN_INS)} Or "
            "leave `directory.sign_ins` away."
        )
    if _UNLICENSED in why:
        return warning(
            f"sign-ins: Graph gives them only to tenants with Entra ID P1 or P2 ({why}). Leave "
            "`directory.sign_ins` away, or buy the licence."
        )
    if why:
        where = "" if tenant.cloud == "global" else ". Graph has them in the global cloud alone"
        return warning(f"sign-ins: {why}{where}")
    if not access.signed_in:
        return warning(
            f"sign-ins: nobody signed in to {app} as long as the tenant remembers. Make sure that "
            "`directory.enterprise_app` is the vendor's application"
        )
    return fine(f"sign-ins: those to {app} can be read")


def _grant(tenant: DirectorySettings, role: str) -> str:
    if isinstance(tenant.credential, ManagedIdentity):
        return (
            f"Assign the app role {role} of Microsoft Graph to the managed identity (PowerShell: "
            "New-MgServicePrincipalAppRoleAssignment; the portal has no page for it)."
        )
    return (
        f"Add {role} under {_place('API permissions')} > Add a permission > Microsoft Graph > "
        "Application permissions, then choose Grant admin consent."
    )


def _place(page: str) -> str:
    return f"App registrations > your app > {page}"
