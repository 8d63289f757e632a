"""The part of check that compares sets and groups, wherever these were read."""

from collections.abc import Iterable, Iterator

from config.settings import DirectoryFile, Settings
from jobs.checked import Check, fault, fine, warning
from reconciler.model.plan import Severity
from reconciler.model.snapshot import Directory, GroupRead, SeatCount, Snapshot, Target
from reconciler.sets import judge_sets
from reconciler.situations import of_export


def check_groups(settings: Settings, reads: Iterable[GroupRead]) -> Iterator[Check]:
    """Whether every set has its group, and what is wrong where not."""
    judged = judge_sets(settings, _seen(settings, reads))
    exported = isinstance(settings.directory, DirectoryFile)
    for found in map(of_export, judged.findings) if exported else judged.findings:
        told = fault if found.severity is Severity.ERROR else warning
        yield told(f"{found.code} {found.message} {found.advice}")
    if not judged.frozen:
        yield fine("groups: every set has exactly one group of its name")


def _seen(settings: Settings, reads: Iterable[GroupRead]) -> Snapshot:
    """As much of a snapshot as tells about the sets; neither seats nor vendor are in question."""
    return Snapshot(
        Directory(settings.directory.tenant_id, tuple(reads)),
        Target(settings.vendor.base_url),
        tuple(SeatCount(product, None) for product in settings.products),
    )
