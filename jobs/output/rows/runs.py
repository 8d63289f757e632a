"""Rows of runs, of what they would come to with other settings, and of the audit trail."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from jobs.output.rows.row import Row, Utc


class RunRow(Row, frozen=True, kw_only=True):
    """A run: its id, kind and times, its exit code, and what it came to.

    What ends is null while it works, and after it was interrupted.
    """

    json_only: ClassVar[Collection[str]] = {"ended"}

    run: str
    kind: str
    started: Utc
    ended: Utc | None
    exit: int | None
    summary: str | None


class ReplayRow(Row, frozen=True, kw_only=True):
    """A plan that was made, and what other settings make of what was read for it.

    `then` and `now`: passes, nothing to do, not decided, or the codes of the guards that object.
    `losing_then` and `losing` count the users who lose a product or their account, `only_now` names
    those who did not then. `became` is what people made of the plan: carried out, or a purge, which
    was taken back or never let pass. `reproduced`: made again with the settings of then it is what
    it was, byte for byte. `trouble` says why these settings make no plan of it.
    """

    json_only: ClassVar[Collection[str]] = ("reproduced",)

    made: Utc
    plan: str
    then: str
    now: str
    losing_then: int
    losing: int
    only_now: tuple[str, ...]
    became: str
    reproduced: bool
    trouble: str


class AuditRow(Row, frozen=True, kw_only=True):
    """A record of the audit trail; `who_and_why` is null where it was purged.

    The plan's digest is among the facts, and too long for a table.
    """

    none_as: ClassVar[Mapping[str, str]] = {"who_and_why": "purged"}
    json_only: ClassVar[Collection[str]] = {"digest"}

    number: int
    at: Utc
    event: str
    facts: dict[str, Any]
    who_and_why: dict[str, Any] | None
