"""The part of check that reads the vendor as a plan does: every account, and who holds the sets."""

from collections.abc import Iterator

from config.settings import Settings
from connectors.errors import CounterpartError
from connectors.scim.client import Scim
from jobs.check.groups import check_sets_at_vendor
from jobs.check.observed_habits import check_habits, known_habits
from jobs.check.result import Check, fault, fine, in_full, unproven, warning
from jobs.output.stage import stage
from jobs.reading.faults import vendor_unread
from jobs.reading.vendor_client import capabilities_of
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.phrasing import Plural
from reconciler.model.snapshot import Target
from reconciler.situations import RUN, finding
from reconciler.situations.runs import VENDOR_READ_IN_PART


def check_vendor(settings: Settings) -> Iterator[Check]:
    """Whether address and token work, and all that a plan needs is proven to have been read."""
    can = capabilities_of(settings.vendor, known_habits(settings))
    names = {item.name for item in settings.subscription_sets}
    try:
        with (
            Scim(settings.vendor, settings.attribute_mapping.targets, can=can) as vendor,
            stage("read_vendor", f"Reading {settings.vendor.name}") as reading,
        ):
            target = vendor.read(names, reading.advance)
            claims = vendor.claims()
    except CounterpartError as error:
        yield fault(f"{settings.vendor.name}: {in_full(vendor_unread(error))}")
    else:
        yield from _read(settings.vendor.name, target, claims)
        yield _filters(settings.vendor.name, can)
        yield from check_sets_at_vendor(settings, target)
    yield from check_habits(settings)


def _read(name: str, target: Target, claims: tuple[str, ...]) -> Iterator[Check]:
    if not target.complete:
        found = finding(VENDOR_READ_IN_PART, RUN, why=target.because)
        yield fault(f"{name}: {in_full(found)}")
        return
    claimed = f"; it claims {', '.join(claims)}" if claims else ""
    users, held = len(target.accounts), len(target.holdings)
    yield fine(
        f"{name}: {Plural(users):user was|users were} read over SCIM, all that it has, and "
        f"{Plural(held):holding|holdings} of sets{claimed}"
    )
    if target.unread:
        unread = ", ".join(f'"{each}"' for each in sorted(target.unread))
        yield warning(f"{name}: these groups of it, which are no sets, were not readable: {unread}")


def _filters(name: str, can: Capabilities) -> Check:
    """They find an account before another one is made for the same user."""
    works = can.known.get(Feature.FILTER)
    if works is None:
        return unproven(f"{name}: filters were not tried: no user there has an externalId yet")
    if works:
        return fine(f"{name}: a filter finds a user by externalId")
    return fine(f"{name}: its filters find nobody and are not used; users are listed instead")
