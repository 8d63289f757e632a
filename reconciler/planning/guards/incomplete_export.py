"""R20: an export may have less than the tenant, so what is missing from it proves nothing.

A file may have been cut off, or filtered by whoever wrote it. It says itself that users are
disabled or in the recycle bin; it does not say that they are in no group, or do not exist.
"""

from collections.abc import Iterator

from config.policy import Policy
from reconciler.model.group_read import ExportRead, ExportSize
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Consequences
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.runs import EXPORT_UNPROVEN


def unproven_export(
    policy: Policy, export: ExportRead, last: ExportSize | None, by_absence: Consequences
) -> Verdict:
    """Holds a plan from an export that may be incomplete and takes something away because of what
    it does not say (`by_absence`), or that is much smaller than the `last` one.
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
                f"the limit is {limit:.0f} {what}."
            )
