"""The part of check that compares sets and groups, wherever these were read."""

from collections.abc import Iterable, Iterator

from config.settings import DirectoryFile, Settings
from jobs.check.result import Check, fault, fine, in_full, warning
from reconciler.facts.sets import configuration_findings, judge_sets
from reconciler.model.group_read import GroupRead
from reconciler.model.plan import Severity
from reconciler.model.seat_count import SeatCount
from reconciler.model.snapshot import Directory, Snapshot, Target
from reconciler.situations import of_export


def check_groups(settings: Settings, reads: Iterable[GroupRead]) -> Iterator[Check]:
    """Whether every set has its group, and what is wrong where not."""
    judged = judge_sets(settings, _seen(settings, reads))
    exported = isinstance(settings.directory, DirectoryFile)
    known = set(configuration_findings(settings))
    for found in judged.findings:
        if found not in known:
            as_result = fault if found.severity is Severity.ERROR else warning
            yield as_result(in_full(of_export(found) if exported else found))
    if not judged.frozen:
        yield fine("groups: every set has exactly one group of its name")


def _seen(settings: Settings, reads: Iterable[GroupRead]) -> Snapshot:
    """A snapshot with what concerns the sets, and neither seats nor vendor."""
    return Snapshot(
        Directory(settings.directory.tenant_id, tuple(reads)),
        Target(settings.vendor.base_url),
        tuple(SeatCount(product, None) for product in settings.products),
    )
