"""Rows of a fleet's tenants."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal

from jobs.output.rows.row import Row, Utc

StandsAs = Literal["OK", "WAITING", "HELD", "FAILED"]

JobState = Literal["running", "paused", "queued", "failed", "none"]


class TenantRow(Row, frozen=True, kw_only=True):
    """A tenant of a fleet and its newest run; null of what there is not yet.

    `configured`: the fleet's folder has a configuration of it. `paused`: since when none is begun.
    """

    tenant: str
    configured: bool
    vendor: str | None
    directory: str | None
    newest_run: str | None
    kind: str | None
    started: Utc | None
    exit: int | None
    paused: Utc | None


class StandingRow(Row, frozen=True, kw_only=True):
    """How things stand with a tenant of a fleet, as `seatsync status` says it of one.

    `job` is what is under way, `since` when and on which `host`: a run of the queue, or a person's;
    "failed" is one of the queue after which none was a success. `standing` is the headline of the
    newest plan, or what is in the way; `waits`: a person has yet to decide about that plan.
    `outage`: the server by which its newest run failed, and those of other tenants, or "" (R31).
    """

    json_only: ClassVar[Collection[str]] = {"exit", "outage"}
    none_as: ClassVar[Mapping[str, str]] = {"since": ""}

    tenant: str
    job: JobState
    since: Utc | None
    host: str
    state: StandsAs
    exit: int
    last_run: Utc | None
    last_success: Utc | None
    plan: str
    standing: str
    waits: bool
    outage: str
