"""The rows of what the store knows."""

from connectors.store.plans import LATEST
from jobs.context import Context
from jobs.output.rows.runs import AuditRow, RunRow
from jobs.output.rows.seats import SeatRow, SetRow
from reconciler.seats.in_use import seats_in_use


def run_rows(context: Context, limit: int | None) -> tuple[list[RunRow], int]:
    """The newest runs first, and how many there are; without a limit all."""
    with context.store.transaction() as tx:
        newest, count = tx.runs.newest(limit), tx.runs.count()
    rows = [
        RunRow(
            run=run.id,
            kind=run.kind,
            started=run.started,
            ended=run.ended,
            exit=run.exit_code,
            summary=run.summary,
        )
        for run in newest
    ]
    return rows, count


def set_rows(context: Context) -> list[SetRow]:
    """As they are configured, with what the store knows of them."""
    with context.store.transaction() as tx:
        known = tx.sets.dates()
    rows = []
    for item in context.settings.subscription_sets:
        dates = known.get(item.name)
        rows.append(
            SetRow(
                name=item.name,
                description=item.description,
                products=tuple(item.products),
                admin=item.admin,
                members_synced=dates.last_synced if dates else None,
                first_seen_here=dates.created if dates else None,
                changed_here=dates.modified if dates else None,
            )
        )
    return rows


def seat_rows(context: Context) -> list[SeatRow]:
    """Per product: as the latest plan counted, and with what was done since.

    Raises:
        connectors.store.errors.PlanNotFound: there is no plan yet.
    """
    plan = context.find_plan(LATEST)
    with context.store.transaction() as tx:
        done = tx.run_operations.done_since(plan.basis.planned_at)
    as_of = max([plan.basis.planned_at, *(deed.ended for deed in done)])
    waiting = {line.product: line.waiting for line in plan.seats}
    return [
        SeatRow(
            product=now.product,
            purchased=now.purchased,
            used=now.used,
            free=now.free,
            waiting=waiting[now.product],
            as_of=as_of,
        )
        for now in seats_in_use(plan.seats, [deed.operation for deed in done])
    ]


def audit_rows(context: Context, limit: int | None) -> tuple[list[AuditRow], int]:
    """The newest records first, and how many there are; without a limit all."""
    with context.store.transaction() as tx:
        newest, count = tx.audit.newest(limit), tx.audit.count()
    rows = [
        AuditRow(
            number=record.number,
            at=record.at,
            event=record.event,
            facts=record.facts,
            who_and_why=record.personal,
        )
        for record in newest
    ]
    return rows, count
