"""How large the exports were that plans were made of."""

from sqlalchemy import Engine, insert, select

from connectors.store.schema import approvals, exports, plans
from reconciler.model.history import RecordedExport
from reconciler.model.snapshot import ExportSize


def save_export(engine: Engine, plan_id: str, size: ExportSize, *, held: bool) -> None:
    """The size of a plan's export; `held`: it was found too small, or not proven whole."""
    row = {"users": size.users, "groups": size.groups, "members": size.members}
    with engine.begin() as connection:
        connection.execute(insert(exports).values(plan_id=plan_id, held=held, **row))


def recorded_exports(engine: Engine) -> tuple[RecordedExport, ...]:
    """Of every plan that was made of one, the newest first."""
    approved = exports.c.plan_id.in_(select(approvals.c.plan_id))
    query = (
        select(exports.c.users, exports.c.groups, exports.c.members, exports.c.held, approved)
        .join(plans, plans.c.id == exports.c.plan_id)
        .order_by(plans.c.number.desc())
    )
    with engine.begin() as connection:
        return tuple(
            RecordedExport(ExportSize(*size), held, bool(approved))
            for *size, held, approved in connection.execute(query)
        )
