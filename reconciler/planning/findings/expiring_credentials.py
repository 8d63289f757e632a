"""Findings about what expires within a month: the vendor's token, the Entra app's credential."""

from collections.abc import Iterator
from datetime import date

from config.vendor import VendorSettings
from reconciler.model.plan import Finding
from reconciler.situations import RUN, finding
from reconciler.situations.token import CREDENTIAL_EXPIRES_SOON, TOKEN_EXPIRES_SOON

WARNING_DAYS = 30
"""The vendor reminds its admins about one month before a token expires (the guide)."""


def expiry_warnings(
    vendor: VendorSettings, credential: date | None, today: date
) -> Iterator[Finding]:
    """T1 and T6, at most `WARNING_DAYS` before the day."""
    for soon, expires in (
        (TOKEN_EXPIRES_SOON, vendor.token_expires),
        (CREDENTIAL_EXPIRES_SOON, credential),
    ):
        if expires and 0 < (expires - today).days <= WARNING_DAYS:
            yield finding(soon, RUN, days=(expires - today).days, date=expires)
