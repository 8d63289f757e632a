"""R18: a store that is younger than a week does not know all that was lost in the last week."""

from datetime import datetime

from reconciler.model.gains_and_losses import WEEK
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Consequences
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.runs import STORE_TOO_YOUNG


def young_store(began: datetime | None, now: datetime, would: Consequences) -> Verdict:
    """Holds a plan that takes something in the store's first week: the limits of 7 days do not see
    what was lost before it began.
    """
    taking = any(loss.losing for loss in (would.seats, would.accounts, would.role))
    if began and taking and now < began + WEEK:
        return guard_failed(
            STORE_TOO_YOUNG,
            age=f"it began, or was restored, on {began:%Y-%m-%d}",
            so=f"Until {began + WEEK:%Y-%m-%d} whatever takes something is held",
        )
    return guard_passed(STORE_TOO_YOUNG, "The store knows whatever was lost in the last 7 days.")
