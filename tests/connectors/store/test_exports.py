"""The size of the last export is that of one that nobody objects to."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from connectors.store.exports import last_export, save_export
from connectors.store.plans import approve, save_plan
from reconciler.model.approval import Approval, Identity
from reconciler.model.snapshot import ExportSize
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def made(store: Engine, number: int, users: int, *, held: bool) -> str:
    plan = World(run=number).plan(f"{number:08x}")
    save_plan(store, plan)
    save_export(store, plan.id, ExportSize(users, 1, 1), held=held)
    return plan.id


def users(store: Engine) -> int | None:
    export = last_export(store)
    return export.users if export else None


def test_a_new_store_knows_no_export(store: Engine) -> None:
    assert last_export(store) is None


def test_the_newest_that_was_not_held_counts(store: Engine) -> None:
    for number, size in ((1, 10), (2, 20)):
        made(store, number, size, held=False)
    made(store, 3, 5, held=True)
    assert users(store) == 20


def test_one_that_was_held_counts_once_it_is_approved(store: Engine) -> None:
    made(store, 1, 10, held=False)
    plan = made(store, 2, 5, held=True)
    approve(store, Approval(plan, "sha256:x", Identity("ana", "h"), "we tidied up", NOW, ()))
    assert users(store) == 5
