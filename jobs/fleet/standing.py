"""How things stand with each tenant of a fleet, and which plans wait for a person."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from config.fleet import Fleet
from config.load import ConfigError, load
from config.settings import Settings
from connectors.store.errors import StoreError
from connectors.store.lease import Owner
from connectors.store.store import Store
from connectors.store.tenants import Job, Turn, open_tenants
from jobs.context import in_store
from jobs.fleet.tenants import tenant_files
from jobs.monitoring.status import newest_plan, status_of
from jobs.output.exit_codes import Exit
from jobs.output.failures import UnusablePlans
from jobs.output.rows.fleet import JobState, StandingRow

_GRAVEST = (Exit.FAILED, Exit.HELD, Exit.WAITING, Exit.OK)


def standing(fleet: Fleet) -> list[StandingRow]:
    """Of each tenant that has a configuration, by name; nobody but the database is asked.

    A tenant whose configuration or store cannot be used is one that has failed.

    Raises:
        ConfigError: the folder of the tenants cannot be read.
    """
    files = tenant_files(fleet)
    with open_tenants(fleet.store) as tenants:
        turns = {turn.name: turn for turn in tenants.turns()}
        jobs, outages = tenants.jobs(), tenants.in_outages()
        rows = []
        for name, file in files.items():
            try:
                settings, store = load(file), tenants.store(name)
                outage = outages.get(store.pair, "")
                rows.append(_row(settings, store, turns[name], jobs.get(name), outage))
            except ConfigError as error:
                rows.append(_failed(name, f"{error.problems[0]}"))
            except StoreError as error:
                rows.append(_failed(name, str(error)))
    return rows


def worst(rows: Collection[StandingRow]) -> Exit:
    """The exit code of whoever stands worst."""
    found = {row.exit for row in rows}
    return next((code for code in _GRAVEST if code in found), Exit.OK)


@dataclass(frozen=True)
class WaitingPlan:
    """A plan that a person has yet to decide about, and its headline."""

    tenant: str
    settings: Settings
    plan: str
    headline: str


def waiting_plans(fleet: Fleet, ids: Collection[str]) -> Iterator[WaitingPlan]:
    """Those that have these ids, of whichever tenants.

    Raises:
        UnusablePlans: one of the ids is no waiting plan's; none is returned then.
    """
    files, left = tenant_files(fleet), set(ids)
    waiting = [row for row in standing(fleet) if row.waits and row.plan in left]
    if unknown := left - {row.plan for row in waiting}:
        raise UnusablePlans(f"no tenant has a plan {', '.join(sorted(unknown))} that waits")
    for row in waiting:
        yield WaitingPlan(row.tenant, load(files[row.tenant]), row.plan, row.standing)


def _row(settings: Settings, store: Store, turn: Turn, job: Job | None, outage: str) -> StandingRow:
    with in_store(settings, store) as context:
        status = status_of(context, newest_plan(context))
    owner = store.at_work()
    doing, since = _doing(owner, turn, job, status.last_success)
    return StandingRow(
        tenant=turn.name,
        job=doing,
        since=since,
        host=owner.host if owner else "",
        exit=status.exit_code,
        state=status.word,
        last_run=status.last_run,
        last_success=status.last_success,
        plan=status.plan,
        standing=status.standing,
        waits=status.waits,
        outage=outage,
    )


def _doing(
    owner: Owner | None, turn: Turn, job: Job | None, last_success: datetime | None
) -> tuple[JobState, datetime | None]:
    if owner:
        return "running", owner.since
    if turn.paused:
        return "paused", turn.paused
    if job is None:
        return "none", None
    if job.status == "failed":
        is_over = last_success is not None and last_success > job.since
        return ("none", None) if is_over else ("failed", job.since)
    return "queued", job.since


def _failed(name: str, why: str) -> StandingRow:
    return StandingRow(
        tenant=name,
        job="none",
        since=None,
        host="",
        exit=Exit.FAILED,
        state="FAILED",
        last_run=None,
        last_success=None,
        plan="",
        standing=why,
        waits=False,
        outage="",
    )
