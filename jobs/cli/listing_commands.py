"""Commands that list what is known: runs, sets, seats, users. They change nothing."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli.errors import reporting
from jobs.cli.listing import print_csv, print_rows, rows_wanted
from jobs.cli.options import AS_JSON, CONFIG, FORM, LIMIT
from jobs.output.console import print_json, print_line
from jobs.output.exit_codes import Exit

if TYPE_CHECKING:
    from jobs.output.rows.row import Row


@click.command()
@AS_JSON
@LIMIT
@CONFIG
@reporting
def history(config: Path, as_json: bool, limit: int | None) -> Exit:
    """List the runs, newest first."""
    from jobs.cli.stored_rows import run_rows
    from jobs.context import working

    with working(config) as context:
        rows, count = run_rows(context, rows_wanted(limit, as_json))
    empty = "No run yet. `seatsync plan` makes the first plan, and changes nothing."
    print_rows("Runs", rows, as_json, limit, empty=empty, count=count)
    return Exit.OK


@click.command()
@AS_JSON
@LIMIT
@CONFIG
@reporting
def sets(config: Path, as_json: bool, limit: int | None) -> Exit:
    """List the subscription sets as the vendor's portal does."""
    from jobs.cli.stored_rows import set_rows
    from jobs.context import working

    with working(config) as context:
        rows = set_rows(context)
    print_rows("Subscription sets", rows, as_json, limit, empty="The configuration has no sets.")
    return Exit.OK


@click.command()
@AS_JSON
@LIMIT
@click.option("--history", "past", is_flag=True, help="As each plan found them, newest first.")
@CONFIG
@reporting
def seats(config: Path, as_json: bool, limit: int | None, past: bool) -> Exit:
    """List per product how many seats are purchased, used and free.

    As the latest plan counted them, and with what was done since; nobody is asked. With --history
    as every plan for everybody counted them, as long as its content is kept: how many nobody used,
    too, and after how many days (the median) who was granted one signed in first.
    """
    from jobs.cli.stored_rows import seat_rows
    from jobs.context import working
    from jobs.seats.history import past_seat_rows

    with working(config) as context:
        rows: Sequence[Row] = past_seat_rows(context) if past else seat_rows(context)
    title = "Seats until now" if past else "Seats"
    print_rows(title, rows, as_json, limit, empty="The configuration has no products.")
    return Exit.OK


@click.command()
@AS_JSON
@LIMIT
@CONFIG
@reporting
def forecast(config: Path, as_json: bool, limit: int | None) -> Exit:
    """Say when the seats of each product will run out.

    By the last plan of each day, as long as its content is kept; nobody is asked. Ranges are right
    in 80 % of all cases. Below it stands what to order at least cost.
    """
    from msgspec.json import encode

    from jobs.context import working
    from jobs.seats.forecast import forecast_rows
    from jobs.seats.orders import ForecastDocument, order_rows, total

    with working(config) as context:
        rows = forecast_rows(context)
        orders = order_rows(context.settings, rows)
    if as_json:
        print_json(encode(ForecastDocument(products=tuple(rows), orders=orders)))
        return Exit.OK
    print_rows("Forecast", rows, False, limit, empty="The configuration has no products.")
    print_rows("To order", orders, False, limit, empty="No seat is to be ordered.")
    for line in total(orders):
        print_line(line)
    return Exit.OK


@click.command()
@AS_JSON
@LIMIT
@CONFIG
@reporting
def users(config: Path, as_json: bool, limit: int | None) -> Exit:
    """List every user with the set, the state and the last change.

    Everything is read for it, and nothing changed.
    """
    from jobs.cli.users_table import user_rows
    from jobs.context import working
    from jobs.leased_run import recorded
    from jobs.reading.read_and_evaluate import evaluate

    with working(config) as context, recorded(context, "users") as run:
        rows = user_rows(context, evaluate(context))
        run.exit_code, run.summary = Exit.OK, f"{len(rows):,} users listed"
    empty = "Nobody is in a set's group, and the vendor has no accounts that are managed here."
    print_rows("Users", rows, as_json, limit, empty=empty)
    return Exit.OK


@click.command()
@click.option(
    "--days",
    type=click.IntRange(min=1),
    metavar="N",
    help="Not used for so many days; by default `policy.idle.days`.",
)
@FORM
@LIMIT
@CONFIG
@reporting
def idle(config: Path, days: int | None, form: str | None, limit: int | None) -> Exit:
    """List the seats that nobody uses, by who signs in.

    Never new ones, nor those of protected users, admins, and people on leave
    (`policy.idle.exclude`). Everything is read for it, and nothing changed.
    """
    from jobs.context import working
    from jobs.output.rows.seats import IdleRow
    from jobs.seats.idle import find_idle, idle_rows, nobody, worth

    with working(config) as context:
        found = find_idle(context, timedelta(days=days) if days else None)
        rows = idle_rows(found, context.settings.policy.idle.grace)
    if form == "csv":
        print_csv(IdleRow, rows, limit)
    else:
        print_rows("Idle seats", rows, form == "json", limit, empty=nobody(found))
    if not form:
        for product in found.products:
            print_line(worth(product))
    return Exit.OK
