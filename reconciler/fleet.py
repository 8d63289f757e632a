"""What shows in many tenants of a fleet at once, and has one cause.

A loss by which nothing is to be applied for any of them: a fault of Entra ID, of the vendor, or in
the defaults of the fleet may take a few seats from each, which no limit of one tenant sees. And a
server that fails their runs.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta

from reconciler.columns.frames import is_text
from reconciler.model.fleet import SharedLoss, UnusualLosses
from reconciler.model.gains_and_losses import changes
from reconciler.model.plan import Kind, Operation

TOGETHER = timedelta(hours=1)
"""What happened within so long happened at the same time."""

LOOKED_BACK = timedelta(days=30)
"""What a tenant lost in this time is usual for it."""

FEWEST_LOSING = 5
"""Fewer tenants may have the same loss by chance."""

FEWEST_FAILING = 2


def losses(operations: Collection[Operation]) -> Counter[str]:
    """Users who lose a product or their account, by the code of why; a move takes nothing."""
    rows = changes(operations).drop_duplicates(["id", "what", "name"], keep="last")
    taken = is_text(rows["what"], "product") | is_text(rows["what"], "account")
    worse_off = set(rows.loc[taken & ~rows["gained"].to_numpy(dtype=bool), "id"])
    by_code = {
        (operation.reason, operation.subject.id)
        for operation in operations
        if operation.subject.id in worse_off
        and (operation.frees or operation.kind is Kind.DEACTIVATE_ACCOUNT)
    }
    return Counter(code for code, _ in by_code)


def unusual(lost: Mapping[str, int], before: Collection[Mapping[str, int]]) -> frozenset[str]:
    """The codes by which a plan takes more than 2 users beyond twice the most of the plans `before`
    it, by more than `TOGETHER`. Where there is none, nothing is known to be unusual.
    """
    if not before:
        return frozenset()
    most = {code: max(plan.get(code, 0) for plan in before) for code in lost}
    return frozenset(code for code, users in lost.items() if users > 2 * most[code] + 2)


def shared_loss(losses: UnusualLosses, percent: float) -> SharedLoss | None:
    """The unusual loss that most tenants have, where these are as many as `percent` of all that
    were planned, and `FEWEST_LOSING` at least.
    """
    limit = max(FEWEST_LOSING, losses.planned * percent / 100)
    for code, tenants in sorted(losses.tenants.items(), key=lambda one: (-one[1], one[0])):
        if tenants >= limit:
            return SharedLoss(code, tenants, losses.planned)
    return None


def outage_begins(failing: int) -> bool:
    """Whether a server is to blame, by which the newest runs of so many tenants failed `TOGETHER`.

    One tenant's failure may be its own.
    """
    return failing >= FEWEST_FAILING


def outage_ends(failing: int) -> bool:
    """A run went well, and none failed by that server within so long."""
    return not failing
