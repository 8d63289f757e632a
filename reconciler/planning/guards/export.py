"""R20: where an export stands in the tenant's place, what it does not say proves nothing by itself.

A file may have been cut, or filtered by whoever wrote it. Being disabled or in the recycle bin is
said by it; being in no group, or not there at all, is not.
"""

from collections.abc import Iterator

from config.settings import Policy
from reconciler.model.group_read import ExportRead, ExportSize
from reconciler.model.plan import Verdict
from reconciler.model.plural import Plural
from reconciler.planning.consequences import Consequences
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.whole_run import EXPORT_UNPROVEN


def unproven_export(
    policy: Policy, export: ExportRead, last: ExportSize | None, by_absence: Consequences
) -> Verdict:
    """Holds what an export would take away that may not be whole, and one that is much smaller than
    the `last` one, whoever is in it. `by_absence`: what is done to users for what it does not say.
    """
    complaints = [*_absent(export, by_absence), *_shrunk(policy, export.size, last)]
    if complaints:
        return guard_failed(EXPORT_UNPROVEN, why=" ".join(complaints))
    size = export.size
    return guard_passed(
        EXPORT_UNPROVEN,
        f"The export has {Plural(size.users):user|users}, {Plural(size.groups):group|groups} and "
        f"{Plural(size.members):membership|memberships}; "
        f"{export.unproven or 'it proves that it is whole'}.",
    )


def _absent(export: ExportRead, by_absence: Consequences) -> Iterator[str]:
    losing = by_absence.seats.losing + by_absence.accounts.losing
    if export.unproven and losing:
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
