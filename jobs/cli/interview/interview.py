"""All the questions in their order, and the configuration that the answers make."""

from datetime import date
from pathlib import Path

from config.examples import filled_in
from jobs.cli.interview.directory import ask_directory
from jobs.cli.interview.sets import ask_products, ask_protected, ask_sets
from jobs.cli.interview.vendor import ask_vendor
from jobs.output.console import print_line


def interview(folder: Path, today: date) -> bytes:
    """The starting file with the answers in it; paths in them are relative to the folder.

    Raises:
        click.Abort: somebody has had enough.
    """
    print_line("Enter takes what stands in brackets. Nothing is written before the last question.")
    directory, entra = ask_directory(folder)
    vendor = ask_vendor(folder, today)
    seats = ask_products()
    sets = ask_sets(entra, list(seats))
    protected = ask_protected()
    return filled_in(
        {
            "directory": directory,
            "vendor": vendor,
            "products": list(seats),
            "subscription_sets": sets,
            "seats": seats,
            "policy": {"protected": protected},
        }
    )
