"""Questions about what the vendor has. They read everything, and change nothing."""

from collections import Counter
from pathlib import Path

import click

from jobs.cli.errors import reporting
from jobs.cli.listing import print_csv, print_rows
from jobs.cli.options import CONFIG, FORM, LIMIT
from jobs.output.console import confirm
from jobs.output.exit_codes import Exit


@click.command()
@FORM
@LIMIT
@CONFIG
@reporting
def discover(config: Path, form: str | None, limit: int | None) -> Exit:
    """List every account at the vendor, and whose it is.

    Each is managed, linkable, outside of what is managed, or an orphan. Everything is read for it,
    and nothing changed.
    """
    from jobs.context import working
    from jobs.output.rows.users import AccountRow
    from jobs.setup.vendor_discovery import account_rows

    with working(config) as context:
        rows = account_rows(context)
    if form == "csv":
        print_csv(AccountRow, rows, limit)
    else:
        print_rows("Accounts", rows, form == "json", limit, empty="The vendor has no accounts.")
    if rows and not form:
        counts = Counter(row.standing for row in rows)
        confirm(", ".join(f"{count:,} {standing}" for standing, count in counts.items()))
    return Exit.OK


@click.command()
@FORM
@LIMIT
@CONFIG
@reporting
def drift(config: Path, form: str | None, limit: int | None) -> Exit:
    """List what the vendor has and nobody asked for.

    That are accounts, memberships, attributes and activations that neither Entra ID asks for nor
    were put there from here. Everything is read for it, and nothing changed or planned. It ends
    with 0 where there is no drift, and with 6 where there is.
    """
    from jobs.context import working
    from jobs.output.rows.users import DriftRow
    from jobs.setup.vendor_discovery import drift_rows

    with working(config) as context:
        rows, exit_code = drift_rows(context)
    empty = "No drift: whatever the vendor has, Entra ID asks for, or it was put there from here."
    if form == "csv":
        print_csv(DriftRow, rows, limit)
    else:
        print_rows("Drift", rows, form == "json", limit, empty=empty)
    return exit_code
