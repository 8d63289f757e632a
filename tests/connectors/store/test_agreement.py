"""What the tables say and what the trail says agree, whatever a plan went through.

`tests/jobs/test_forged_store.py` has what makes them disagree.
"""

from datetime import timedelta

from sqlalchemy import Engine, insert

from connectors.store.agreement import disagreements
from connectors.store.journal import begin, end, operation_id
from connectors.store.lease import held_lease
from connectors.store.plans import approve, claim_plan, save_plan
from connectors.store.purge import purge
from connectors.store.schema import plans
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Plan
from support.worlds.world import NOW, World

DAY = timedelta(days=1)


def a_plan(run: int) -> Plan:
    world = World(run=run)
    world.person("ana", "Sales Team")
    return world.plan(f"{run:02x}")


def lives(store: Engine, plan: Plan) -> None:
    """It is approved with odd words, used, and its operations end in every way."""
    save_plan(store, plan)
    approve(store, Approval(plan.id, plan.digest, Identity("ana", "h"), "odd \0 \ud83d", NOW, ()))
    with held_lease(store, "run1"):
        claim_plan(store, plan, "run1", NOW)
        begin(store, plan, plan.operations, "run1", NOW)
        first, second = (operation_id(plan, operation) for operation in plan.operations)
        end(store, {first: ("failed", "cut \0 off \ud83d")}, NOW + DAY)
        assert list(disagreements(store)) == []
        end(store, {first: ("done", "late"), second: ("done", "")}, NOW + DAY)


def test_a_plan_and_what_became_of_it_agree_before_and_after_a_purge(store: Engine) -> None:
    """Also where a purge took the names of what was begun, and not of what ended since."""
    lives(store, a_plan(1))
    assert list(disagreements(store)) == []
    purge(store, (NOW + DAY).replace(hour=0), NOW + DAY)
    assert list(disagreements(store)) == []
    purge(store, (NOW + 3 * DAY).replace(hour=0), NOW + 4 * DAY)
    assert list(disagreements(store)) == []


def test_what_was_planned_before_the_trail_told_of_plans_is_not_compared(store: Engine) -> None:
    insert_alone(store, a_plan(1))
    assert list(disagreements(store)) == []
    save_plan(store, a_plan(2))
    assert list(disagreements(store)) == []
    insert_alone(store, a_plan(3))
    assert list(disagreements(store)) == [
        "plan 03 is in the store, and the trail does not tell that it was made"
    ]


def insert_alone(store: Engine, plan: Plan) -> None:
    with store.begin() as connection:
        connection.execute(
            insert(plans).values(
                id=plan.id,
                number=plan.run,
                digest=plan.digest,
                body=plan.canonical,
                planned_at=plan.basis.planned_at,
            )
        )
