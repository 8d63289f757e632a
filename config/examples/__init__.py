"""The configuration that `seatsync init` writes, and what has to be filled in there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from config.settings import Settings

STARTING_FILE = Path(__file__).parent / "seatsync.yaml"

_ISSUED = "2026-09-01"
_NO_ID = "00000000-0000-0000-0000-000000000000"
_NO_HOST = ".example"
"""Nobody's, for ever (RFC 2606)."""


def starting_file(today: date) -> bytes:
    """With an API token of today, for a new one is generated when seatsync is set up."""
    return STARTING_FILE.read_bytes().replace(_ISSUED.encode(), today.isoformat().encode())


def left_as_in_the_template(settings: Settings) -> Iterator[str]:
    """Each place that still has what no tenant and no vendor has."""
    directory, vendor = settings.directory, settings.vendor
    if directory.tenant_id == _NO_ID:
        yield "directory.tenant_id is the template's. It is in the Entra admin center, Overview."
    if getattr(directory, "client_id", "") == _NO_ID:
        yield "directory.client_id is the template's. It is that of your app, App registrations."
    if (vendor.base_url.partition("://")[2].partition("/")[0]).endswith(_NO_HOST):
        yield f"vendor.base_url is the template's. It is on {vendor.name}'s page Auto Provisioning."
