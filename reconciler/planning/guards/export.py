"""R20: where an export stands in the tenant's place, what it does not say proves nothing by itself.

A file may have been cut, or filtered by whoever wrote it. Being disabled or in the recycle bin is
said by it; being in no group, or not there at all, is not.
"""

from collections.abc import Iterator

from config.settings import Policy
from reconciler.columns import frames
from reconciler.model.plan import Verdict
from reconciler.model.plural import Count
from reconciler.model.snapshot import ExportRead, ExportSize
from reconciler.planning.consequences import consequences
from reconciler.planning.evaluation import Draft
from reconciler.situations import consent, objection

TOLD = {"U9", "U10"}


def unproven_export(draft: Draft) -> Iterator[Verdict]:
    """Holds what an export would take away that may not be whole, and one that is much smaller than
    the last one, whoever is in it.
    """
    export = draft.snapshot.directory.export
    if export is None:
        return
    complaints = [
        *_absent(export, draft),
        *_shrunk(draft.settings.policy, export.size, draft.snapshot.memory.export),
    ]
    if complaints:
        yield objection("R20", why=" ".join(complaints))
        return
    size = export.size
    yield consent(
        "R20",
        f"The export has {Count(size.users):user|users}, {Count(size.groups):group|groups} and "
        f"{Count(size.members):membership|memberships}; "
        f"{export.unproven or 'it proves that it is whole'}.",
    )


def _absent(export: ExportRead, draft: Draft) -> Iterator[str]:
    if not export.unproven:
        return
    silent = (operation for operation in draft.operations if operation.reason not in TOLD)
    taken = consequences(draft.subjects, draft.judged, frames.frame(frames.CHANGES), silent)
    if losing := taken.seats.losing + taken.accounts.losing:
        yield (
            f"The export may have less than Entra ID ({export.unproven}), and "
            f"{Count(losing):user|users} would lose something because it does not name them."
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
