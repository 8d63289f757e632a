"""Saved plans: found by id, unique prefix or "latest", approved, and used once."""

from datetime import datetime

from sqlalchemy import Engine, func, insert, select, update

from connectors.store.errors import PlanAltered, PlanNotFound, PlanUsed
from connectors.store.schema import approvals, plans, waits
from reconciler.model.approval import Approval, Use
from reconciler.model.plan import Plan, Waiting, parse

LATEST = "latest"


def save_plan(engine: Engine, plan: Plan) -> None:
    """Keeps the plan's canonical bytes, and who waits since when."""
    with engine.begin() as connection:
        connection.execute(
            insert(plans).values(
                id=plan.id,
                number=plan.run,
                digest=plan.digest,
                body=plan.canonical,
                planned_at=plan.basis.planned_at,
            )
        )
        connection.execute(waits.delete())
        if plan.waiting:
            connection.execute(insert(waits), [_wait(entry) for entry in plan.waiting])


def find_plan(engine: Engine, reference: str) -> Plan:
    """The plan of an id, a unique prefix of one, or the newest for "latest".

    Raises:
        PlanNotFound: none or several fit.
        PlanAltered: its bytes are not those whose digest was recorded.
    """
    query = select(plans.c.id, plans.c.digest, plans.c.body).order_by(plans.c.number.desc())
    if reference != LATEST:
        query = query.where(plans.c.id.startswith(reference, autoescape=True))
    with engine.begin() as connection:
        found = connection.execute(query.limit(6)).all()
    what = f'looking for plan "{reference}"'
    if not found:
        raise PlanNotFound(what, "there is none; `seatsync history` lists them")
    if len(found) > 1 and reference != LATEST:
        raise PlanNotFound(what, f"several fit: {', '.join(row.id for row in found)}")
    try:
        plan = parse(found[0].body)
    except ValueError as error:
        raise PlanAltered(f"reading plan {found[0].id}", str(error).splitlines()[0]) from error
    if plan.digest != found[0].digest:
        raise PlanAltered(f"reading plan {found[0].id}", "its content was changed in the store")
    return plan


def approve(engine: Engine, approval: Approval) -> None:
    """Records an approval; the newest one counts."""
    with engine.begin() as connection:
        connection.execute(
            insert(approvals).values(
                plan_id=approval.plan_id,
                digest=approval.digest,
                by=approval.by,
                reason=approval.reason,
                at=approval.at,
                overrides=list(approval.overrides),
            )
        )


def approval_of(engine: Engine, plan_id: str) -> Approval | None:
    """The newest approval of a plan."""
    query = select(approvals).where(approvals.c.plan_id == plan_id)
    with engine.begin() as connection:
        row = connection.execute(query.order_by(approvals.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Approval(row.plan_id, row.digest, row.by, row.reason, row.at, tuple(row.overrides))


def use_of(engine: Engine, plan_id: str) -> Use | None:
    """By which run the plan was applied, if it was."""
    query = select(plans.c.used_by, plans.c.used_at).where(plans.c.id == plan_id)
    with engine.begin() as connection:
        row = connection.execute(query).one_or_none()
    return Use(row.used_by, row.used_at) if row and row.used_by else None


def claim_plan(engine: Engine, plan_id: str, run_id: str, now: datetime) -> None:
    """Marks a plan as used, once and for all; of several who try, one succeeds.

    Raises:
        PlanUsed: it was used before (P6).
    """
    claim = (
        update(plans)
        .where(plans.c.id == plan_id, plans.c.used_by.is_(None))
        .values(used_by=run_id, used_at=now)
    )
    with engine.begin() as connection:
        claimed = connection.execute(claim).rowcount
    if not claimed:
        use = use_of(engine, plan_id)
        raise (
            PlanUsed(plan_id, use.run_id, use.at)
            if use
            else PlanNotFound(f"using plan {plan_id}", "it is not in this store")
        )


def plans_made(engine: Engine) -> int:
    """The number of the newest plan, 0 before the first."""
    with engine.begin() as connection:
        return int(connection.execute(select(func.max(plans.c.number))).scalar() or 0)


def wait_for(engine: Engine, object_id: str, set_name: str, since_run: int) -> None:
    """Notes that somebody waits for a set, who did not when the newest plan was made."""
    with engine.begin() as connection:
        connection.execute(waits.delete().where(waits.c.object_id == object_id))
        connection.execute(
            insert(waits).values(object_id=object_id, set_name=set_name, since_run=since_run)
        )


def _wait(entry: Waiting) -> dict[str, object]:
    return {"object_id": entry.user.id, "set_name": entry.set, "since_run": entry.since_run}
