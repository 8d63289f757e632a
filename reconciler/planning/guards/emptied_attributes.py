"""R28: attributes that many accounts lose at once, as where Entra ID stopped to give them out."""

from collections.abc import Iterator

from config.policy import Policy
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Consequences
from reconciler.situations import guard_failed
from reconciler.situations.runs import MASS_EMPTYING


def mass_emptying(policy: Policy, would: Consequences) -> Iterator[Verdict]:
    """R28: one verdict per attribute of which more accounts than the limit would lose the value."""
    accounts = would.logins.accounts
    limit = int(max(policy.max_renames, accounts * policy.max_rename_percent / 100))
    for path, count in sorted(would.emptied.items()):
        if count > limit:
            yield guard_failed(
                MASS_EMPTYING, path=path, count=count, accounts=accounts, limit=limit
            )
