"""R20: where an export stands in the tenant's place, what it does not say proves nothing by itself.

A file may have been cut, or filtered by whoever wrote it. Being disabled or in the recycle bin is
said by it; being in no group, or not there at all, is not.
"""

from collections.abc import Iterator

from config.settings import Policy
from reconciler.columns import frames
from reconciler.model.plan import Verdict
from reconciler.model.plural import Plural
from reconciler.model.snapshot import ExportRead, ExportSize
from reconciler.planning.consequences import consequences
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.run import EXPORT_UNPROVEN
from reconciler.situations.users import DELETED, DISABLED

TOLD = {DISABLED.code, DELETED.code}


def unproven_export(evaluation: Evaluation) -> Iterator[Verdict]:
    """Holds what an export would take away that may not be whole, and one that is much smaller than
    the last one, whoever is in it.
    """
    export = evaluation.snapshot.directory.export
    if export is None:
        return
    complaints = [
        *_absent(export, evaluation),
        *_shrunk(evaluation.settings.policy, export.size, evaluation.snapshot.memory.export),
    ]
    if complaints:
        yield guard_failed(EXPORT_UNPROVEN, why=" ".join(complaints))
        return
    size = export.size
    yield guard_passed(
        EXPORT_UNPROVEN,
        f"The export has {Plural(size.users):user|users}, {Plural(size.groups):group|groups} and "
        f"{Plural(size.members):membership|memberships}; "
        f"{export.unproven or 'it proves that it is whole'}.",
    )


def _absent(export: ExportRead, evaluation: Evaluation) -> Iterator[str]:
    if not export.unproven:
        return
    silent = (operation for operation in evaluation.operations if operation.reason not in TOLD)
    taken = consequences(evaluation.facts, evaluation.judged, frames.frame(frames.CHANGES), silent)
    if losing := taken.seats.losing + taken.accounts.losing:
        yield (
            f"The export may have less than Entra ID ({export.unproven}), and "
            f"{Plural(losing):user|users} would lose something because it does not name them."
        )


def _shrunk(policy: Policy, now: ExportSize, before: ExportSize | None) -> Iterator[str]:
    if before is None:
        return
    for what in ("users", "groups", "members"):
        had, has = getattr(before, what), getattr(now, what)
        limit = max(policy.max_revokes, had * policy.max_revoke_percent / 100)
        if had - has > limit:
            yield (
                f"The last export had {had} {what}, and this one has {has}: {had - has} fewer; "
                f"the limit is {limit:.0f}."
            )
