"""R22: user names and mail addresses at the vendor, by which single sign-on finds accounts."""

from config.policy import Policy
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Logins
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.runs import MASS_RENAME

EXAMPLES = 3
"""How many changes a message names as examples."""


def mass_rename(policy: Policy, logins: Logins) -> Verdict:
    """R22: in 7 days more accounts than the limit would get another user name or mail address."""
    renamed, accounts = len(logins.now), logins.accounts
    altogether = len(logins.now.keys() | logins.lately)
    limit = int(max(policy.max_renames, accounts * policy.max_rename_percent / 100))
    share = f"{100 * renamed / accounts:.0f} %" if accounts else "0 %"
    if renamed and altogether > limit:
        examples = sorted(f"{old} → {new}" for old, new in logins.now.values())
        return guard_failed(
            MASS_RENAME,
            count=renamed,
            accounts=accounts,
            share=share,
            altogether=altogether,
            limit=limit,
            examples="; ".join(examples[:EXAMPLES]),
        )
    return guard_passed(
        MASS_RENAME,
        f"{renamed} of {Plural(accounts):account|accounts} ({share}) would get another user "
        f"name or mail address; with the last 7 days that is {altogether}, and the limit is "
        f"{Plural(limit):account|accounts}.",
        count=altogether if renamed else 0,
        limit=limit,
    )
