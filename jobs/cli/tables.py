"""Tables of what the store knows: a header (the keys of `--json`) and rows each."""

from connectors.store.plans import LATEST
from jobs.context import Context

Rows = list[tuple[object, ...]]
Table = tuple[tuple[str, ...], Rows]


def runs_table(context: Context, limit: int) -> Table:
    """The newest runs first."""
    header = ("run", "kind", "started", "ended", "exit", "summary")
    with context.store.transaction() as tx:
        newest = tx.runs.newest(limit)
    rows: Rows = [
        (run.id, run.kind, minute(run.started), minute(run.ended), run.exit_code, run.summary)
        for run in newest
    ]
    return header, rows


def sets_table(context: Context) -> Table:
    """The guide's table of subscription sets (step 2), as far as it is known here.

    "UnSynced" as there; a time says that the set's group at the vendor had the members that it
    should have. The portal's Created and Modified are not available over SCIM.
    """
    header = (
        "name", "description", "products", "admin",
        "members_synced", "first_seen_here", "changed_here",
    )  # fmt: skip
    with context.store.transaction() as tx:
        known = tx.sets.dates()
    rows: Rows = []
    for item in context.settings.subscription_sets:
        dates = known.get(item.name)
        rows.append(
            (
                item.name,
                item.description,
                ", ".join(item.products),
                "admin" if item.admin else "",
                minute(dates.last_synced) if dates and dates.last_synced else "UnSynced",
                minute(dates.created) if dates else "",
                minute(dates.modified) if dates else "",
            )
        )
    return header, rows


def seats_table(context: Context) -> Table:
    """Per product, as the latest plan found them.

    Raises:
        connectors.store.errors.PlanNotFound: there is no plan yet.
    """
    plan = context.find_plan(LATEST)
    header = ("product", "purchased", "used", "free", "waiting", "as_of")
    rows: Rows = [
        (
            line.product,
            line.purchased,
            line.used_before,
            None if line.purchased is None else max(0, line.purchased - line.used_before),
            line.waiting,
            minute(plan.basis.planned_at),
        )
        for line in plan.seats
    ]
    return header, rows


def audit_table(context: Context, limit: int) -> Table:
    """The newest records first; `who` and the like are gone where they were purged."""
    header = ("number", "at", "event", "facts", "who_and_why")
    with context.store.transaction() as tx:
        newest = tx.audit.newest(limit)
    rows: Rows = [
        (
            record.number,
            minute(record.at),
            record.event,
            _pairs(record.facts),
            "purged" if record.personal is None else _pairs(record.personal),
        )
        for record in newest
    ]
    return header, rows


def _pairs(facts: dict[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in sorted(facts.items()) if value != "")


def minute(time: object) -> str:
    """As listings show a time; nothing where there is none."""
    return f"{time:%Y-%m-%d %H:%M}" if time else ""
