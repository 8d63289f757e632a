"""How large exports were, and what became of their plans."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from connectors.store.exports import recorded_exports, save_export
from connectors.store.plans import approve, save_plan
from reconciler.model.approval import Approval, Identity
from reconciler.model.history import RecordedExport
from reconciler.model.snapshot import ExportSize
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def made(store: Engine, number: int, users: int, *, held: bool) -> str:
    plan = World(run=number).plan(f"{number:08x}")
    save_plan(store, plan)
    save_export(store, plan.id, ExportSize(users, 1, 1), held=held)
    return plan.id


def test_a_new_store_knows_no_export(store: Engine) -> None:
    assert recorded_exports(store) == ()


def test_the_newest_comes_first_with_what_became_of_its_plan(store: Engine) -> None:
    made(store, 1, 10, held=False)
    held = made(store, 2, 5, held=True)
    approve(store, Approval(held, "sha256:x", Identity("ana", "h"), "we tidied up", NOW, ()))
    assert recorded_exports(store) == (
        RecordedExport(ExportSize(5, 1, 1), held=True, approved=True),
        RecordedExport(ExportSize(10, 1, 1), held=False, approved=False),
    )
