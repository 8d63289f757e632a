"""Whether sign-ins were watched without a gap: else that nobody was seen would prove nothing."""

from datetime import datetime, timedelta

from reconciler.model.sign_ins import SignInsRead, Watch

OVERLAP = timedelta(days=1)
"""Sign-ins may come into the log late; so far back is read again."""

RETENTION = timedelta(days=7)
"""So long every tenant keeps its sign-ins; those with Entra ID P1 or P2 keep them for 30 days
(Microsoft Entra data retention)."""

SURELY_KEPT = RETENTION - OVERLAP
"""So old a sign-in is not dropped while it is read."""


def read_from(watch: Watch | None, application: str, now: datetime) -> datetime:
    """From when on sign-ins are to be read, so that they join those that were seen before."""
    if watch is None or watch.application != application:
        return now - RETENTION
    began = watch.through - OVERLAP
    if watch.newest and now - watch.newest[1] < SURELY_KEPT:
        return min(began, watch.newest[1])
    return began


def continued(
    watch: Watch | None, application: str, reading: SignInsRead
) -> tuple[Watch | None, str]:
    """The watch after this reading, and why it is no further than before, or "".

    It begins anew with another application, and where sign-ins may have been dropped since the
    last reading: after more than `RETENTION`, unless the last one that was seen is still there.
    """
    before = watch if watch and watch.application == application else None
    if reading.because:
        return before, reading.because
    begun = Watch(application, reading.read, reading.read, _newest(before, reading))
    if before is None:
        return begun, ""
    joined = Watch(application, before.since, reading.read, begun.newest)
    if before.newest is None or any(one.id == before.newest[0] for one in reading.sign_ins):
        lost = before.newest is None and reading.read - before.through > RETENTION
        return (begun if lost else joined), ""
    if reading.read - before.newest[1] < SURELY_KEPT:
        return before, f"the sign-in {before.newest[0]}, which was there before, is missing"
    return (begun if reading.read - before.through > RETENTION else joined), ""


def _newest(before: Watch | None, reading: SignInsRead) -> tuple[str, datetime] | None:
    latest = max(reading.sign_ins, key=lambda one: one.at, default=None)
    if latest is None:
        return before.newest if before else None
    return latest.id, latest.at
