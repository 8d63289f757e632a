"""The seat inventory: from the configuration itself, or from a CSV beside it.

Numbers are passed on as they are written; whether they make sense is the reconciler's to say.
"""

from datetime import date, datetime
from pathlib import Path

from config.seats import SeatFile
from config.settings import Settings
from connectors.errors import CounterpartError
from connectors.files.column_names import ColumnNames
from connectors.files.csv_file import read_csv_file
from reconciler.model.seat_inventory import SeatCount

COLUMNS = ColumnNames(["product", "purchased", "used", "as_of"])


def read_seats(settings: Settings) -> tuple[SeatCount, ...]:
    """One count per product.

    The CSV has the columns ``product`` and ``purchased``, and optionally ``used``, the vendor's own
    count, and ``as_of`` (YYYY-MM-DD); without it the file's own date counts, so that a file nobody
    updates goes stale. Its cells are separated by commas, semicolons or tabs.

    Raises:
        CounterpartError: the file cannot be read, lacks a column or has another, or names a product
            twice or one that is not configured.
    """
    if isinstance(settings.seats, SeatFile):
        return _from_csv(settings.seats.file, settings.products)
    return tuple(
        SeatCount(product, contract.purchased)
        for product, contract in settings.seat_contracts.items()
    )


def _from_csv(path: Path, products: tuple[str, ...]) -> tuple[SeatCount, ...]:
    what = f"reading the seat inventory {path}"
    table = read_csv_file(path, what, COLUMNS)
    if not {"product", "purchased"} <= {*table.columns}:
        raise CounterpartError(what, "the columns product and purchased are needed")
    written = datetime.fromtimestamp(path.stat().st_mtime).date()
    counts: dict[str, SeatCount] = {}
    for line, row in table.rows:
        place = f"{what}, line {line}"
        cells = {name: cell.strip() for name, cell in row.items()}
        product = cells["product"]
        if product not in products:
            raise CounterpartError(place, f'"{product}" is none of {", ".join(products)}')
        if product in counts:
            raise CounterpartError(place, f'"{product}" is there twice')
        counts[product] = SeatCount(
            product,
            purchased=cells["purchased"],
            as_of=_day(cells.get("as_of", ""), written, place),
            used=cells.get("used") or None,
        )
    return tuple(counts.values())


def _day(text: str, written: date, what: str) -> date:
    if not text:
        return written
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CounterpartError(what, f'as_of "{text}" is not a date such as 2026-11-24') from error
