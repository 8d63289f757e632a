"""How large the exports were that plans were made of."""

from sqlalchemy import Engine, insert, or_, select

from connectors.store.schema import approvals, exports, plans
from reconciler.model.snapshot import ExportSize


def save_export(engine: Engine, plan_id: str, size: ExportSize, *, held: bool) -> None:
    """The size of a plan's export; `held`: it was found too small, or not proven whole."""
    row = {"users": size.users, "groups": size.groups, "members": size.members}
    with engine.begin() as connection:
        connection.execute(insert(exports).values(plan_id=plan_id, held=held, **row))


def last_export(engine: Engine) -> ExportSize | None:
    """The size of the last export that was not held, or whose plan was approved all the same."""
    approved = exports.c.plan_id.in_(select(approvals.c.plan_id))
    query = (
        select(exports.c.users, exports.c.groups, exports.c.members)
        .join(plans, plans.c.id == exports.c.plan_id)
        .where(or_(exports.c.held.is_(False), approved))
        .order_by(plans.c.number.desc())
        .limit(1)
    )
    with engine.begin() as connection:
        row = connection.execute(query).one_or_none()
    return ExportSize(*row) if row else None
