"""The part of check that compares sets and groups, wherever these were read."""

from collections.abc import Iterable, Iterator

from config.directory import DirectoryFile
from config.settings import Settings
from jobs.check.result import Check, fault, fine, in_full, unproven, warning
from reconciler.columns.frames import was_read
from reconciler.facts.set_bindings import configuration_findings, groups_in_order, judge_sets
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Finding, Severity
from reconciler.model.seat_inventory import SeatCount
from reconciler.model.snapshot import Directory, Snapshot, Target
from reconciler.planning.findings.sets import member_findings
from reconciler.situations import of_export
from reconciler.situations.runs import LIMITED_MEMBER_DATA
from reconciler.situations.users import IN_SEVERAL_SETS


def check_groups(settings: Settings, directory: Directory) -> Iterator[Check]:
    """Whether every set has its group, read to its end, and what is wrong where not."""
    at_no_vendor = Target(settings.vendor.base_url)
    judged = judge_sets(settings, _snapshot(settings, directory, at_no_vendor))
    yield from _told(settings, judged.findings)
    yield from _told(settings, member_findings(directory))
    if not judged.frozen:
        yield fine("groups: every set has exactly one group of its name, and each was read whole")


def check_users(directory: Directory) -> Iterator[Check]:
    """Whether their attributes were read, and nobody is in the groups of two sets."""
    users = directory.members[directory.members["kind"] == "user"]
    untold = len(directory.people) - int(was_read(directory.people).sum())
    if untold:
        yield fault(
            f"users: Entra ID tells nothing but the id of {untold} of {len(directory.people)} "
            f"({LIMITED_MEMBER_DATA.code}). {LIMITED_MEMBER_DATA.advice}"
        )
    elif len(directory.people):
        yield fine(
            f"users: {Plural(len(directory.people)):user was|users were} read with their attributes"
        )
    else:
        yield unproven("users: no group has any, so that their attributes were not tried")
    several = int((users.groupby("id")["set"].nunique() > 1).sum())
    if several:
        yield warning(
            f"users: {Plural(several):user is|users are} in the groups of several sets "
            f"({IN_SEVERAL_SETS.code}), and stay as they are; `seatsync plan` names them. "
            f"{IN_SEVERAL_SETS.advice}"
        )


def check_sets_at_vendor(settings: Settings, target: Target) -> Iterator[Check]:
    """Whether the vendor has at most one group for each set: what is amiss there alone."""
    reads = groups_in_order(settings)
    directory = Directory(settings.directory.tenant_id, reads)
    yield from _told(
        settings, judge_sets(settings, _snapshot(settings, directory, target)).findings
    )


def _snapshot(settings: Settings, directory: Directory, target: Target) -> Snapshot:
    """What concerns the sets, and no seats: how many there are is told elsewhere."""
    counts = tuple(SeatCount(product, None) for product in settings.products)
    return Snapshot(directory, target, counts)


def _told(settings: Settings, findings: Iterable[Finding]) -> Iterator[Check]:
    """Without those that the configuration alone has shown already."""
    exported = isinstance(settings.directory, DirectoryFile)
    known = set(configuration_findings(settings))
    for found in findings:
        if found not in known:
            severe = found.severity in {Severity.ERROR, Severity.BLOCK}
            as_result = fault if severe else warning
            yield as_result(in_full(of_export(found) if exported else found))
