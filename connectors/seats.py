"""The seat inventory: from the configuration itself, or from a CSV beside it.

Numbers are passed on as they are written; whether they make sense is the reconciler's to say.
"""

import csv
from datetime import date, datetime
from pathlib import Path

from config.settings import SeatFile, Settings
from connectors.errors import ConnectorError
from reconciler.model.snapshot import SeatCount


def read_seats(settings: Settings) -> tuple[SeatCount, ...]:
    """One count per product.

    The CSV has the columns ``product`` and ``purchased``, and optionally ``used``, the vendor's own
    count, and ``as_of`` (YYYY-MM-DD); without it the file's own date counts, so that a file nobody
    updates goes stale.

    Raises:
        ConnectorError: the file cannot be read, lacks a column, or names a product twice or one
            that is not configured.
    """
    if isinstance(settings.seats, SeatFile):
        return _from_csv(settings.seats.file, settings.products)
    return tuple(SeatCount(product, count) for product, count in settings.seats.items())


def _from_csv(path: Path, products: tuple[str, ...]) -> tuple[SeatCount, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        written = datetime.fromtimestamp(path.stat().st_mtime).date()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConnectorError(f"reading the seat inventory {path}", str(error)) from error
    counts: dict[str, SeatCount] = {}
    for line, row in enumerate(rows, start=2):
        what = f"reading the seat inventory {path}, line {line}"
        if "product" not in row or "purchased" not in row:
            raise ConnectorError(what, "the columns product and purchased are needed")
        product = (row["product"] or "").strip()
        if product not in products:
            raise ConnectorError(what, f'"{product}" is none of {", ".join(products)}')
        if product in counts:
            raise ConnectorError(what, f'"{product}" is there twice')
        counts[product] = SeatCount(
            product,
            purchased=(row["purchased"] or "").strip(),
            as_of=_day(row.get("as_of"), written, what),
            used=(row.get("used") or "").strip() or None,
        )
    return tuple(counts.values())


def _day(text: str | None, written: date, what: str) -> date:
    if not text or not text.strip():
        return written
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ConnectorError(what, f'as_of "{text}" is not a date such as 2026-11-24') from error
