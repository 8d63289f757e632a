"""How large exports were, and what became of their plans."""

from datetime import UTC, datetime

from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity
from reconciler.model.group_read import ExportSize
from reconciler.model.history import RecordedExport
from support.alone import alone
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def made(store: Store, number: int, users: int, *, held: bool) -> str:
    plan = World(run=number).plan(f"{number:08x}")
    alone(store).plans.add(plan)
    alone(store).exports.add(plan.id, ExportSize(users, 1, 1), held=held)
    return plan.id


def test_a_new_store_knows_no_export(store: Store) -> None:
    assert alone(store).exports.newest_first() == ()


def test_the_newest_comes_first_with_what_became_of_its_plan(store: Store) -> None:
    made(store, 1, 10, held=False)
    held = made(store, 2, 5, held=True)
    alone(store).approvals.add(
        Approval(held, "sha256:x", Identity("ana", "h"), "we tidied up", NOW, ())
    )
    assert alone(store).exports.newest_first() == (
        RecordedExport(ExportSize(5, 1, 1), held=True, approved=True),
        RecordedExport(ExportSize(10, 1, 1), held=False, approved=False),
    )
