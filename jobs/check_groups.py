"""The part of check that compares sets and groups, wherever these were read."""

from collections.abc import Iterable, Iterator

from config.settings import Settings
from jobs.checked import Check, fault, fine, warning
from reconciler.model.plan import Severity
from reconciler.model.snapshot import GroupRead
from reconciler.names import describe, first_difference, fold
from reconciler.sets import judge_sets


def check_groups(settings: Settings, reads: Iterable[GroupRead]) -> Iterator[Check]:
    """Whether every set has its group, and what is wrong where not."""
    reads = tuple(reads)
    judged = judge_sets(settings.subscription_sets, reads, settings.products, {})
    differences = {read.set: _difference(read) for read in reads}
    for found in judged.findings:
        text = f"{found.code} {found.message} {found.advice}"
        if found.code == "G2":
            text += differences[found.subject.id]
        yield (warning if found.severity is Severity.WARNING else fault)(text)
    if not judged.frozen:
        yield fine("groups: every set has exactly one group of its name")


def _difference(read: GroupRead) -> str:
    """The two characters, so that look-alikes and spaces can be told."""
    alike = sorted(group.name for group in read.near if fold(group.name) == fold(read.set))
    if not alike:
        return ""
    at = first_difference(read.set, alike[0]) - 1
    return f" The set has {_character(read.set, at)} there, the group {_character(alike[0], at)}."


def _character(name: str, at: int) -> str:
    return describe(name[at]) if at < len(name) else "nothing"
