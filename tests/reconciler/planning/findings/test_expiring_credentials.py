"""What expires within a month is told of, from the thirtieth day before it to the last."""

from datetime import date, timedelta

import pytest

from reconciler.planning.findings.expiring_credentials import expiry_warnings
from reconciler.situations import RUN
from support.worlds.world import World

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "told"), [(31, None), (30, "30 days"), (2, "2 days"), (1, "1 day"), (0, None)]
)
def test_t1_t6_they_are_told_of_within_thirty_days(days: int, told: str | None) -> None:
    """On the day itself it has expired, and is refused."""
    expires = TODAY + timedelta(days=days)
    issued = expires - timedelta(days=180)
    vendor = World(vendor={"token_issued": issued.isoformat()}).settings().vendor
    warnings = list(expiry_warnings(vendor, expires, TODAY))
    assert [(one.code, one.subject) for one in warnings] == (
        [("T1", RUN), ("T6", RUN)] * bool(told)
    )
    assert all(f"{told}, on {expires}" in one.message for one in warnings)


def test_a_credential_of_which_no_end_is_known_is_not_told_of() -> None:
    vendor = World(vendor={"token_issued": TODAY.isoformat()}).settings().vendor
    assert list(expiry_warnings(vendor, None, TODAY)) == []
