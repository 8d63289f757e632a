"""When one cause takes seats in many tenants at once, so that nothing is to be applied for any.

A limit of one tenant does not see it: a fault of Entra ID, of the vendor, or in the defaults of the
fleet may take a few seats from each. What one tenant loses on an ordinary night says nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from reconciler.columns.frames import is_text
from reconciler.model.fleet import SharedLoss, TenantPlan
from reconciler.model.gains_and_losses import changes
from reconciler.model.plan import Kind, Operation

TOGETHER = timedelta(hours=1)
"""Plans of so long count as made at the same time."""

LOOKED_BACK = timedelta(days=30)
"""What a tenant lost in this time is usual for it."""

FEWEST_TENANTS = 5
"""As few may have the same loss by chance."""


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
    it. Of a tenant's first plan nothing is known to be unusual.
    """
    if not before:
        return frozenset()
    most = {code: max(plan.get(code, 0) for plan in before) for code in lost}
    return frozenset(code for code, users in lost.items() if users > 2 * most[code] + 2)


def shared_loss(plans: Iterable[TenantPlan], percent: float) -> SharedLoss | None:
    """The unusual loss that most tenants have, where these are as many as `percent` of all, and
    `FEWEST_TENANTS` at least.
    """
    codes: dict[str, set[str]] = {}
    for plan in plans:
        codes.setdefault(plan.tenant, set()).update(plan.unusual)
    counted = Counter(code for found in codes.values() for code in found)
    for code, tenants in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        if tenants >= max(FEWEST_TENANTS, len(codes) * percent / 100):
            return SharedLoss(code, tenants, len(codes))
    return None
