"""One server that fails is one incident of the fleet, whichever tenants' runs it fails."""

from datetime import datetime
from urllib.parse import urlsplit

from config.directory import DirectoryFile
from config.fleet import Fleet
from config.settings import Settings
from config.watching import Event
from connectors.errors import Refused, Unreachable
from jobs.context import Context
from jobs.output.exit_codes import AS_INTENDED, Exit
from jobs.watching.notifications import Notice
from jobs.watching.tell import tell
from reconciler.fleet import TOGETHER, outage_begins, outage_ends
from reconciler.model.fleet import Outage
from reconciler.model.plan import Finding
from reconciler.no_plan import NoPlan
from reconciler.situations import RUN, finding
from reconciler.situations.runs import DIRECTORY_UNREACHABLE, SERVER_OUTAGE

INTERNAL_SERVER_ERROR = 500  # RFC 9110, section 15.6: the server's own faults begin here


def note_end(context: Context, exit_code: Exit, error: Exception | None) -> frozenset[Event]:
    """How a run of this tenant ended, for the others of its fleet; what it need not tell itself.

    Whoever is told of the fleet is told once that a server began to fail, and once that it works.
    """
    fleet, now = context.settings.in_fleet, context.clock()
    if not fleet:
        return frozenset()
    if server := failing_server(context.settings, error):
        with context.store.transaction() as tx:
            tx.outages.failed(server, now)
        # Another transaction: of several tenants at a time, the last one sees all of them.
        with context.store.transaction() as tx:
            failing = tx.outages.failing(server, now - TOGETHER)
            begins = outage_begins(failing) and tx.outages.begin(server, now)
            outage = tx.outages.of(server)
            left_to_fleet = outage is not None and _is_told(fleet)
            if not left_to_fleet:
                tx.outages.told()
        if outage:
            tell(context, fleet.notifications, [_begun(outage)] if begins else [])
        return frozenset({"failed"} if left_to_fleet else ())
    with context.store.transaction() as tx:
        if exit_code not in AS_INTENDED:
            tx.outages.told()
            return frozenset()
        untold = tx.outages.went_well()
        known = {outage.server for outage in tx.outages.all()}
        ended = [
            server
            for server in known.intersection(_servers(context.settings))
            if outage_ends(tx.outages.failing(server, now - TOGETHER)) and tx.outages.end(server)
        ]
    tell(context, fleet.notifications, [_ended(server, now) for server in ended])
    return frozenset({"recovered"} if untold else ())


def failing_server(settings: Settings, error: Exception | None) -> str:
    """The host, and its port if it has one, whose fault it is that there is no plan; or "".

    A token or a configuration that cannot be used is the tenant's own fault.
    """
    if not isinstance(error, NoPlan):
        return ""
    cause = error.__cause__
    refused = isinstance(cause, Refused) and (
        cause.throttled or cause.status >= INTERNAL_SERVER_ERROR
    )
    if not refused and not isinstance(cause, Unreachable):
        return ""
    if error.finding.code == DIRECTORY_UNREACHABLE.code:
        return _graph(settings)
    return _vendor(settings)


def _is_told(fleet: Fleet) -> bool:
    """Somebody wants to know of failures; otherwise the tenants tell."""
    return any("failed" in receiver.events for receiver in fleet.notifications)


def as_finding(outage: Outage) -> Finding:
    """In words (R31)."""
    return finding(
        SERVER_OUTAGE,
        RUN,
        server=outage.server,
        since=f"{outage.since:%Y-%m-%d %H:%M} UTC",
        tenants=outage.tenants,
    )


def _begun(outage: Outage) -> Notice:
    found, key = as_finding(outage), f"outage {outage.server} {outage.since}"
    return Notice("failed", key, f"{found.message} {found.advice}", again=None)


def _ended(server: str, now: datetime) -> Notice:
    text = f"Runs of the fleet that {server} had failed go well again."
    return Notice("recovered", f"recovered {server} {now}", text, again=None)


def _servers(settings: Settings) -> list[str]:
    return [server for server in (_graph(settings), _vendor(settings)) if server]


def _graph(settings: Settings) -> str:
    if isinstance(settings.directory, DirectoryFile):
        return ""
    return urlsplit(settings.directory.endpoints.graph).netloc


def _vendor(settings: Settings) -> str:
    return urlsplit(settings.vendor.base_url).netloc
