"""Guards: pure verdicts over a whole plan, with their numbers in the message.

A guard that objects blocks the plan; it is written and shown all the same. Where a person may
decide, an approval bound to the plan's digest names the guard's code.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import pandas as pd

from config.settings import Policy, Vendor
from reconciler.model.plan import Finding, Kind, Operation, Verdict
from reconciler.order import NOWHERE
from reconciler.sets import JudgedSets
from reconciler.situations import RUN, finding, objection
from reconciler.subjects import Subjects

TOKEN_WARNING_DAYS = 30
"""The vendor reminds its admins about one month before a token expires (the guide)."""

SMALL_SET, WHOLE_SET = 4, 3
"""A share of a set says something from 4 members on; losing all of 3 is a purge as well."""


def token_verdict(vendor: Vendor, today: date) -> Verdict:
    """T2: an expired token provisions nothing, and no approval changes that."""
    expires = vendor.token_expires
    if today >= expires:
        return objection("T2", why=f"The vendor's API token expired on {expires}.")
    return Verdict(
        code="T2",
        passed=True,
        overridable=False,
        message=f"The API token is valid until {expires}.",
    )


def token_warnings(vendor: Vendor, today: date) -> Iterator[Finding]:
    """T1: the token expires within the month."""
    days = (vendor.token_expires - today).days
    if 0 < days <= TOKEN_WARNING_DAYS:
        yield finding("T1", RUN, days=days, date=vendor.token_expires)


def switch_verdict(vendor: Vendor) -> Verdict:
    """T5: while the portal's switch is off, the vendor accepts writes and ignores them."""
    if not vendor.managed_through_idp:
        return objection("T5")
    return Verdict(
        code="T5", passed=True, overridable=False, message='"Manage Users through IdP" is on.'
    )


def revocation_verdict(
    operations: Iterable[Operation],
    subjects: Subjects,
    judged: JudgedSets,
    policy: Policy,
    lost_this_week: int,
) -> Verdict:
    """R9: too many people would lose seats: of all managed ones, of one set, or in a week."""
    managed = subjects.holdings[subjects.holdings["person"] != NOWHERE]
    holders = managed["person"].nunique()
    losers = _losers(operations)
    limit = max(policy.max_revokes, holders * policy.max_revoke_percent / 100)
    complaints = []
    counted = (
        f"{len(losers)} of {holders} users ({_percent(len(losers), holders)}) would lose seats; "
        f"the limit is {limit:.0f}"
    )
    if len(losers) > limit:
        complaints.append(counted)
    complaints.extend(_set_complaints(losers, managed, judged, policy))
    complaints.extend(_week_complaint(len(losers), holders, lost_this_week, policy))
    if complaints:
        return objection("R9", overridable=True, message=". ".join(complaints) + ".")
    return Verdict(code="R9", passed=True, overridable=True, message=counted + ".")


def _losers(operations: Iterable[Operation]) -> dict[str, set[str]]:
    """Who ends with less than now: object id -> the sets lost. A split move loses nothing."""
    losers: dict[str, set[str]] = {}
    for operation in operations:
        kind = operation.kind
        if kind is Kind.REVOKE:
            losers.setdefault(operation.subject.id, set()).update(operation.lost)
        elif kind is Kind.DEACTIVATE_ACCOUNT:
            losers.setdefault(operation.subject.id, set())
        elif kind is Kind.GRANT:
            losers.pop(operation.subject.id, None)
    return losers


def _set_complaints(
    losers: dict[str, set[str]], managed: pd.DataFrame, judged: JudgedSets, policy: Policy
) -> Iterator[str]:
    sizes = managed["set"].value_counts().to_dict()
    lost = Counter(name for sets in losers.values() for name in sets)
    for at, subscription_set in enumerate(judged.sets):
        size, losses = sizes.get(at, 0), lost[subscription_set.name]
        purged = losses == size >= WHOLE_SET
        shrunk = size >= SMALL_SET and losses * 100 > size * policy.max_set_revoke_percent
        if purged or shrunk:
            yield (
                f'"{subscription_set.name}" would lose {losses} of {size} users '
                f"({_percent(losses, size)}); the limit is {policy.max_set_revoke_percent:.0f} %"
            )


def _week_complaint(losing: int, holders: int, lost: int, policy: Policy) -> Iterator[str]:
    """Many small plans are a purge as well; what one plan alone may do is judged above."""
    altogether, before = losing + lost, holders + lost
    too_many = altogether * 100 > before * policy.max_week_revoke_percent
    if losing and lost and too_many and altogether > policy.max_revokes:
        yield (
            f"With the last 7 days {altogether} of {before} users "
            f"({_percent(altogether, before)}) would have lost seats; the limit is "
            f"{policy.max_week_revoke_percent:.0f} %"
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"
