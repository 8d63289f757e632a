"""Tables of what the store knows: a header and rows each."""

from connectors.store.audit import records
from connectors.store.history import recent_runs, set_dates
from connectors.store.plans import find_plan
from jobs.context import Context

Rows = list[tuple[object, ...]]
Table = tuple[tuple[str, ...], Rows]


def runs_table(context: Context, limit: int) -> Table:
    """The newest runs first."""
    header = ("run", "kind", "started", "ended", "exit", "summary")
    rows: Rows = [
        (run.id, run.kind, _minute(run.started), _minute(run.ended), run.exit_code, run.summary)
        for run in recent_runs(context.store, limit)
    ]
    return header, rows


def sets_table(context: Context) -> Table:
    """The guide's table of subscription sets (step 2); "UnSynced" as there."""
    header = ("name", "description", "products", "last synced", "created", "modified")
    known = set_dates(context.store)
    rows: Rows = []
    for item in context.settings.subscription_sets:
        dates = known.get(item.name)
        rows.append(
            (
                item.name,
                item.description,
                ", ".join(item.products),
                _minute(dates.last_synced) if dates and dates.last_synced else "UnSynced",
                _minute(dates.created) if dates else "",
                _minute(dates.modified) if dates else "",
            )
        )
    return header, rows


def seats_table(context: Context) -> Table:
    """Per product, as the latest plan found them.

    Raises:
        connectors.store.errors.PlanNotFound: there is no plan yet.
    """
    plan = find_plan(context.store, "latest")
    header = ("product", "purchased", "used", "free", "waiting", "as of")
    rows: Rows = [
        (
            line.product,
            line.purchased,
            line.used_before,
            None if line.purchased is None else max(0, line.purchased - line.used_before),
            line.waiting,
            _minute(plan.basis.planned_at),
        )
        for line in plan.seats
    ]
    return header, rows


def audit_table(context: Context, limit: int) -> Table:
    """The newest records first; `who` and the like are gone where they were purged."""
    header = ("number", "at", "event", "facts", "who and why")
    rows: Rows = [
        (
            record.number,
            _minute(record.at),
            record.event,
            _pairs(record.facts),
            "purged" if record.personal is None else _pairs(record.personal),
        )
        for record in records(context.store, limit)
    ]
    return header, rows


def _pairs(facts: dict[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in sorted(facts.items()) if value != "")


def _minute(time: object) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""
