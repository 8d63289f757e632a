"""What the tables say and what the trail says agree, whatever a plan went through.

`tests/jobs/test_forged_store.py` has what makes them disagree.
"""

from datetime import timedelta

from sqlalchemy import insert

from connectors.store.journal import operation_id
from connectors.store.schema import plans
from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Plan
from support.alone import alone
from support.worlds.world import NOW, World

DAY = timedelta(days=1)


def a_plan(run: int) -> Plan:
    world = World(run=run)
    world.person("ana", "Sales Team")
    return world.plan(f"{run:02x}")


def lives(store: Store, plan: Plan) -> None:
    """It is approved with odd words, used, and its operations end in every way."""
    alone(store).plans.add(plan)
    alone(store).approvals.add(
        Approval(plan.id, plan.digest, Identity("ana", "h"), "odd \0 \ud83d", NOW, ())
    )
    with store.lease("run1"):
        alone(store).plans.claim(plan, "run1", NOW)
        alone(store).journal.begin(plan, plan.operations, "run1", NOW)
        first, second = (operation_id(plan, operation) for operation in plan.operations)
        alone(store).journal.end({first: ("failed", "cut \0 off \ud83d")}, NOW + DAY)
        assert list(alone(store).agreement.disagreements()) == []
        alone(store).journal.end({first: ("done", "late"), second: ("done", "")}, NOW + DAY)


def test_a_plan_and_what_became_of_it_agree_before_and_after_a_purge(store: Store) -> None:
    """Also where a purge took the names of what was begun, and not of what ended since."""
    lives(store, a_plan(1))
    assert list(alone(store).agreement.disagreements()) == []
    alone(store).personal_data.remove((NOW + DAY).replace(hour=0), NOW + DAY)
    assert list(alone(store).agreement.disagreements()) == []
    alone(store).personal_data.remove((NOW + 3 * DAY).replace(hour=0), NOW + 4 * DAY)
    assert list(alone(store).agreement.disagreements()) == []


def test_what_was_planned_before_the_trail_told_of_plans_is_not_compared(store: Store) -> None:
    insert_alone(store, a_plan(1))
    assert list(alone(store).agreement.disagreements()) == []
    alone(store).plans.add(a_plan(2))
    assert list(alone(store).agreement.disagreements()) == []
    insert_alone(store, a_plan(3))
    assert list(alone(store).agreement.disagreements()) == [
        "plan 03 is in the store, and the trail does not tell that it was made"
    ]


def test_a_plan_for_one_user_is_compared_whatever_its_number(store: Store) -> None:
    insert_alone(store, a_plan(1))  # before the trail told of plans
    alone(store).plans.add(a_plan(2))
    alone(store).plans.add(a_plan(-1))
    assert list(alone(store).agreement.disagreements()) == []
    insert_alone(store, a_plan(-2))
    assert list(alone(store).agreement.disagreements()) == [
        "plan -2 is in the store, and the trail does not tell that it was made"
    ]


def insert_alone(store: Store, plan: Plan) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            insert(plans).values(
                pair=store.pair,
                id=plan.id,
                number=plan.run,
                digest=plan.digest,
                body=plan.canonical,
                planned_at=plan.basis.planned_at,
            )
        )
