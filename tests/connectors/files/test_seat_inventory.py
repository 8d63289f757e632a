"""The seat inventory is passed on as it stands; only what is no inventory is refused."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.seats import SeatContract, SeatFile
from config.settings import Settings
from connectors.errors import CounterpartError
from connectors.files.seat_inventory import read_seats
from reconciler.model.seat_inventory import SeatCount
from support.worlds.world import World


def settings(seats: object) -> Settings:
    return World(sets={"Both": ["Sales", "Talent"]}).settings().model_copy(update={"seats": seats})


def from_csv(tmp_path: Path, text: str) -> tuple[SeatCount, ...]:
    (tmp_path / "seats.csv").write_text(text, encoding="utf-8-sig")
    os.utime(tmp_path / "seats.csv", (0, 1_790_000_000))  # 2026-09-21
    return read_seats(settings(SeatFile(file=tmp_path / "seats.csv")))


def test_from_the_configuration() -> None:
    assert read_seats(settings({"Sales": 5, "Talent": None})) == (
        SeatCount("Sales", 5),
        SeatCount("Talent", None),
    )


def test_what_they_cost_is_no_part_of_the_count() -> None:
    contract = SeatContract(purchased=5, price=Decimal(1200), currency="EUR")
    assert read_seats(settings({"Sales": contract})) == (SeatCount("Sales", 5),)


def test_from_a_csv_with_dates(tmp_path: Path) -> None:
    text = "product,purchased,as_of\nSales, 5 ,2026-11-20\nTalent,-1,\n"
    assert from_csv(tmp_path, text) == (
        SeatCount("Sales", "5", date(2026, 11, 20)),
        SeatCount("Talent", "-1", date(2026, 9, 21)),
    )


def test_excel_and_powershell_write_it_in_their_own_way(tmp_path: Path) -> None:
    assert from_csv(tmp_path, 'Product;Purchased ;As_Of\nSales;"5";2026-11-20\n') == (
        SeatCount("Sales", "5", date(2026, 11, 20)),
    )


def test_without_a_date_the_files_own_counts(tmp_path: Path) -> None:
    (count,) = from_csv(tmp_path, "product,purchased\nSales,many\n")
    assert count == SeatCount("Sales", "many", date(2026, 9, 21))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("product,as_of\nSales,\n", "the columns product and purchased are needed"),
        ("product,bought\nSales,5\n", 'line 1: column "bought" is not known'),
        (
            "product,purchased,as of\nSales,5,\n",
            'column "as of" is not known; did you mean "as_of"',
        ),
        ("product,purchased\nSales,5\nSlaes,5\n", 'line 3: "Slaes" is none of Sales, Talent'),
        ("product,purchased\nSales,5\nSales,6\n", 'line 3: "Sales" is there twice'),
        ("product,purchased,as_of\nSales,5,soon\n", 'as_of "soon" is not a date'),
    ],
)
def test_what_is_no_inventory_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CounterpartError, match=why):
        from_csv(tmp_path, text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CounterpartError, match="No such file"):
        read_seats(settings(SeatFile(file=tmp_path / "nowhere.csv")))
    (tmp_path / "seats.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CounterpartError, match="seat inventory"):
        read_seats(settings(SeatFile(file=tmp_path / "seats.csv")))
