"""Guards over clock, token and the portal's switch: whether the vendor would accept the plan."""

from datetime import UTC, date, datetime, time, timedelta

from config.vendor import VendorSettings
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Verdict
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.runs import CLOCK_WRONG
from reconciler.situations.token import SWITCH_OFF, TOKEN_ENDS_DURING_RUN, TOKEN_REFUSED

LARGEST_SKEW = timedelta(minutes=5)

OPERATION = timedelta(seconds=1)
"""How long one operation takes, read-back included, at the pace that vendors ask for."""


def token_verdict(vendor: VendorSettings, today: date) -> Verdict:
    """T2: an expired token provisions nothing, and no approval changes that."""
    expires = vendor.token_expires
    if today >= expires:
        return guard_failed(TOKEN_REFUSED, why=f"The vendor's API token expired on {expires}.")
    days = f"{Plural((expires - today).days):day|days}"
    return guard_passed(TOKEN_REFUSED, f"The API token is valid until {expires}, for {days} more.")


def switch_verdict(vendor: VendorSettings) -> Verdict:
    """T5: while the portal's switch is off, the vendor accepts writes and ignores them."""
    if not vendor.managed_through_idp:
        return guard_failed(SWITCH_OFF, state="is off", why=", as configured")
    return guard_passed(SWITCH_OFF, '"Manage Users through IdP" is on.')


def token_end(vendor: VendorSettings, now: datetime, operations: int) -> Verdict:
    """T4: the token would expire in the middle of so many operations."""
    ends = datetime.combine(vendor.token_expires, time(), UTC)
    left, needed = ends - now, operations * OPERATION
    if timedelta(0) < left < needed:
        return guard_failed(
            TOKEN_ENDS_DURING_RUN,
            minutes=_minutes(left),
            count=operations,
            needed=_minutes(needed),
        )
    # By the minute on its last day alone: two readings of the same tenant make the same plan.
    near = needed <= left < timedelta(days=1)
    end = f"in {_minutes(left)} min" if near else f"on {ends:%Y-%m-%d}"
    return guard_passed(
        TOKEN_ENDS_DURING_RUN,
        f"The plan takes {_about(needed)}; the API token ends {end}.",
    )


def clock_verdict(skew: timedelta) -> Verdict:
    """R11: with a wrong clock neither tokens nor the age of a plan mean anything."""
    if abs(skew) > LARGEST_SKEW:
        return guard_failed(CLOCK_WRONG, minutes=_minutes(abs(skew)))
    # In whole minutes: two readings of the same tenant make the same plan.
    differs = f"The clock differs by {_about(abs(skew))} from Entra's; the limit is 5 min."
    return guard_passed(
        CLOCK_WRONG, differs, count=_minutes(abs(skew)), limit=_minutes(LARGEST_SKEW)
    )


def _about(span: timedelta) -> str:
    minutes = _minutes(span)
    return f"about {minutes} min" if minutes else "less than a minute"


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
