"""Saved plans: found by id, unique prefix or "latest", approved, and used once."""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, false, func, insert, select, update

from connectors.store.audit import APPLY, APPROVAL, PLAN, append
from connectors.store.errors import PlanAltered, PlanNotFound, PlanUsed
from connectors.store.schema import approvals, plans
from reconciler.model.approval import Approval, Identity, Use
from reconciler.model.plan import Plan, digest, parse

_SAID = ("plan_id", "digest", "reason", "at", "remark", "id_token", "weaker")

LATEST = "latest"
PURGED = b""
"""The body of a plan whose content was purged."""


def save_plan(engine: Engine, plan: Plan) -> None:
    """Keeps the plan's canonical bytes."""
    with engine.begin() as connection:
        append(connection, plan.basis.planned_at, PLAN, making(plan.id, plan.run, plan.digest), {})
        connection.execute(
            insert(plans).values(
                id=plan.id,
                number=plan.run,
                digest=plan.digest,
                body=plan.canonical,
                planned_at=plan.basis.planned_at,
            )
        )


def making(plan_id: str, number: int, digest: str) -> dict[str, object]:
    """The facts of the record of a plan's making."""
    return {"plan": plan_id, "number": number, "digest": digest}


def find_plan(engine: Engine, reference: str) -> Plan:
    """The plan of an id, a unique prefix of one, a digest, or the newest for "latest".

    Raises:
        PlanNotFound: none or several fit, or another version of the program wrote it.
        PlanAltered: its bytes are not those whose digest was recorded.
    """
    query = select(plans.c.id, plans.c.digest, plans.c.body).order_by(plans.c.number.desc())
    if reference != LATEST:
        named = plans.c.id.startswith(reference, autoescape=True) if reference else false()
        query = query.where(named | (plans.c.digest == reference))
    with engine.begin() as connection:
        found = connection.execute(query.limit(6)).all()
    what = f'looking for plan "{reference}"'
    if not found:
        raise PlanNotFound(what, "there is none; `seatsync history` lists them")
    if len(found) > 1 and reference != LATEST:
        raise PlanNotFound(what, f"several fit: {', '.join(row.id for row in found)}")
    row = found[0]
    if row.body == PURGED:
        raise PlanNotFound(what, f"the content of plan {row.id} was purged")
    if digest(row.body) != row.digest:
        raise PlanAltered(row.id, "its content was changed in the store")
    try:
        plan = parse(row.body)
    except ValueError as error:
        why = f"another version of seatsync wrote plan {row.id}; make a new one"
        raise PlanNotFound(what, why) from error
    if plan.id != row.id:
        raise PlanAltered(row.id, f"plan {plan.id} was put in its place")
    return plan


def approve(engine: Engine, approval: Approval) -> None:
    """Records an approval; of each person the newest one counts."""
    values = {name: getattr(approval, name) for name in _SAID}
    row = insert(approvals).values(
        **values, **asdict(approval.by), overrides=list(approval.overrides)
    )
    with engine.begin() as connection:
        kept = _approval(connection.execute(row.returning(*approvals.c)).one())
        append(connection, approval.at, APPROVAL, *telling(kept))


def telling(approval: Approval) -> tuple[dict[str, object], dict[str, object]]:
    """The facts of an approval's record, and what is personal in it."""
    facts = {
        "plan": approval.plan_id,
        "digest": approval.digest,
        "overrides": list(approval.overrides),
        "weaker": approval.weaker,
    }
    personal = {
        **asdict(approval.by),
        "remark": approval.remark,
        "reason": approval.reason,
        "id_token": sha256(approval.id_token.encode()).hexdigest() if approval.id_token else "",
    }
    return facts, personal


def approvals_of(engine: Engine, plan_id: str) -> tuple[Approval, ...]:
    """The approvals of a plan, oldest first, as their rows say; `attested` asks the trail, too."""
    with engine.begin() as connection:
        return approvals_in(connection, plan_id)


def approvals_in(connection: Connection, plan_id: str) -> tuple[Approval, ...]:
    """The same, in a transaction that is under way."""
    query = select(approvals).where(approvals.c.plan_id == plan_id).order_by(approvals.c.id)
    return tuple(map(_approval, connection.execute(query)))


def _approval(row: Row[Any]) -> Approval:
    by = Identity(row.account, row.host, row.object_id, row.name)
    said = {name: getattr(row, name) for name in _SAID}
    return Approval(by=by, overrides=tuple(row.overrides), **said)


def use_of(engine: Engine, plan_id: str) -> Use | None:
    """By which run the plan was applied, if it was."""
    query = select(plans.c.used_by, plans.c.used_at).where(plans.c.id == plan_id)
    with engine.begin() as connection:
        row = connection.execute(query).one_or_none()
    return Use(row.used_by, row.used_at) if row and row.used_by else None


def claim_plan(engine: Engine, plan: Plan, run_id: str, now: datetime) -> None:
    """Marks a plan as used, once and for all; of several who try, one succeeds.

    Raises:
        PlanUsed: it was used before (P6).
    """
    claim = (
        update(plans)
        .where(plans.c.id == plan.id, plans.c.used_by.is_(None))
        .values(used_by=run_id, used_at=now)
    )
    with engine.begin() as connection:
        claimed = connection.execute(claim).rowcount
        if claimed:
            append(connection, now, APPLY, using(plan.id, plan.digest, run_id), {})
    if not claimed:
        use = use_of(engine, plan.id)
        raise (
            PlanUsed(plan.id, use.run_id, use.at)
            if use
            else PlanNotFound(f"using plan {plan.id}", "it is not in this store")
        )


def using(plan_id: str, digest: str, run_id: str) -> dict[str, object]:
    """The facts of the record of a plan's use."""
    return {"plan": plan_id, "digest": digest, "run": run_id}


def plans_made(engine: Engine) -> int:
    """The number of the newest plan, 0 before the first."""
    with engine.begin() as connection:
        return int(connection.execute(select(func.max(plans.c.number))).scalar() or 0)
