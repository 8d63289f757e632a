"""Many rows that say the same are one; whatever is otherwise stands alone."""

from jobs.report.folds import FEW, folded
from jobs.report.people import rows_of
from reconciler.model.plan import Plan
from support.worlds.world import World


def plan_of(**counts: int) -> Plan:
    world = World(
        sets={"Sales": ["Sales"], "Marketing": ["Marketing"]}, seats={"Sales": 99, "Marketing": 99}
    )
    for name, count in counts.items():
        for number in range(count):
            world.person(f"{name}{number}", name)
    return world.plan()


def sizes(plan: Plan, results: dict[int, tuple[str, str]] | None = None) -> list[int]:
    return [len(group) for group in folded(rows_of(plan), results)]


def test_a_few_stand_alone_and_many_together_at_the_place_of_the_first() -> None:
    assert sizes(plan_of(Marketing=FEW, Sales=FEW + 1)) == [1] * FEW + [FEW + 1]
    assert sizes(plan_of(Marketing=FEW + 1, Sales=FEW)) == [FEW + 1] + [1] * FEW


def test_what_was_done_otherwise_is_not_folded_away() -> None:
    plan = plan_of(Sales=FEW + 2)
    results = {operation.index: ("done", "") for operation in plan.operations}
    assert sizes(plan, results) == [FEW + 2]
    results[rows_of(plan)[2].operations[0].index] = ("failed", "409")
    assert sizes(plan, results) == [FEW + 1, 1]


def test_each_step_has_its_result_where_they_differ() -> None:
    (row,) = rows_of(plan_of(Sales=1))
    account, grant = (operation.index for operation in row.operations)
    done = {account: ("done", ""), grant: ("done", "")}
    assert row.results(done) == [("done", "done")]
    assert row.results(done | {grant: ("failed", "409 taken")}) == [
        ("done", "gets an account: done"),
        ("failed", "joins Sales: failed: 409 taken"),
    ]


def test_nobody_is_lost() -> None:
    rows = rows_of(plan_of(Marketing=3, Sales=40))
    assert sorted(
        (row.subject.id for group in folded(rows) for row in group),
    ) == sorted(row.subject.id for row in rows)
