"""Forecast: when seats run out, and what to order, by the plans that the store keeps."""

from datetime import date, timedelta

from config.seats import SeatContract
from connectors.store.plans import LATEST
from jobs.context import Context
from jobs.output.rows.seat_orders import ForecastRow
from reconciler.forecast import LEAST_WEEKS, Forecast, Wanted, by_week, forecast
from reconciler.model.phrasing import Plural
from reconciler.model.plan import SeatLine


def forecast_rows(context: Context) -> list[ForecastRow]:
    """Per product of the latest plan that tells what is wanted, which an undo does not.

    Raises:
        connectors.store.errors.PlanNotFound: there is no plan yet.
    """
    latest = context.find_plan(LATEST)
    with context.store.transaction() as tx:
        by_day = tx.plans.seats_by_day()
    telling = (
        lines for _, lines in reversed(by_day) if any(one.wanted is not None for one in lines)
    )
    seats = next(telling, latest.seats)
    wanted: dict[str, list[Wanted]] = {line.product: [] for line in seats}
    for at, lines in by_day:
        for line in lines:
            if line.product in wanted and line.wanted is not None:
                wanted[line.product].append((at.date(), line.wanted))
    contracts, today = context.settings.seat_contracts, context.clock().date()
    return [_row(line, wanted[line.product], contracts.get(line.product), today) for line in seats]


def _row(
    line: SeatLine, history: list[Wanted], contract: SeatContract | None, today: date
) -> ForecastRow:
    found = forecast(history)
    lacking = _lacking(line)
    earliest = latest = None
    if found and line.purchased is not None:
        earliest, latest = found.runs_out(line.purchased)
    renews = contract.renews if contract else None
    low, high = _at(found, renews, today)
    return ForecastRow(
        product=line.product,
        purchased=line.purchased,
        wanted=line.wanted,
        weeks=max(0, len(by_week(history)) - 1),
        runs_out=_in_words(line, found, history, (earliest, latest)),
        earliest=_day(today, earliest),
        latest=_day(today, latest),
        renews=renews,
        renewal_low=low,
        renewal_high=high,
        to_order=lacking,
    )


def _lacking(line: SeatLine) -> int | None:
    """So many more seats, and nobody waits for one; None where either number is not known."""
    if line.purchased is None or line.wanted is None:
        return None
    return max(0, line.wanted - line.purchased)


def _at(found: Forecast | None, day: date | None, today: date) -> tuple[int | None, int | None]:
    if found is None or day is None:
        return None, None
    weeks = -(-(day - today).days // 7)
    return found.after(weeks) if 0 < weeks <= found.weeks else (None, None)


def _in_words(
    line: SeatLine,
    found: Forecast | None,
    history: list[Wanted],
    weeks: tuple[int | None, int | None],
) -> str:
    if line.purchased is None:
        return "unknown: nobody knows how many are purchased"
    if lacking := _lacking(line):
        return f"now: {Plural(lacking):seat is|seats are} lacking"
    if found is None:
        known = max(0, len(by_week(history)) - 1)
        return f"unknown: {known} of the {LEAST_WEEKS} weeks that are needed are known"
    earliest, latest = weeks
    if earliest is None:
        return f"not within {found.weeks} weeks"
    if latest is None:
        return f"in {Plural(earliest):week|weeks} or later, or not"
    return f"in {earliest} to {Plural(latest):week|weeks}"


def _day(today: date, weeks: int | None) -> date | None:
    return None if weeks is None else today + timedelta(weeks=weeks)
