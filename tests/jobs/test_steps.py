"""How often a run begins something with the store, and what another program can do in between."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from connectors.store.store import Store
from jobs import plan
from reconciler.model.plan import Plan
from reconciler.reconcile import reconcile
from support.scenarios.company import Company


@contextmanager
def before_each(statement: str, do: Any) -> Iterator[None]:
    """Does this before each SQL statement that begins so."""

    def listen(connection: object, cursor: object, text: str, *_: object) -> None:
        if text.startswith(statement):
            do()

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def test_a_plan_is_nine_steps(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the token's dates, begins, asks what was interrupted, loads its memory and what the
    vendor can do, keeps what it learned of that, keeps the plan with all that follows, asks what
    its page tells of earlier runs, and ends. The heart beats beside.
    """
    steps, transaction = [], Store.transaction

    def counted(self: Store, run_id: str = "") -> Any:
        steps.append(run_id)
        return transaction(self, run_id)

    monkeypatch.setattr(Store, "transaction", counted)
    company.run("plan")
    assert len(steps) == 9
    assert [bool(run_id) for run_id in steps].count(True) == 2  # its begin, and the plan


def test_nobody_takes_the_lease_between_its_check_and_the_plan(company: Company) -> None:
    refused = []

    def take_it() -> None:
        with closing(sqlite3.connect(company.folder / "seatsync.db", timeout=0)) as store, store:
            try:
                store.execute("UPDATE lease SET run_id = 'another'")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    company.run("history")  # makes the store
    with before_each("INSERT INTO plans", take_it):
        planned = company.run("plan")
    assert (planned.exit_code, refused) == (2, ["database is locked"]), planned.output


def test_whose_lease_is_taken_while_it_decides_ends_with_75_and_keeps_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide_late(*known: Any) -> Plan:
        with closing(sqlite3.connect(company.folder / "seatsync.db")) as store, store:
            store.execute("UPDATE lease SET run_id = 'another'")
        return reconcile(*known)

    monkeypatch.setattr(plan, "reconcile", decide_late)
    planned = company.run("plan")
    assert planned.exit_code == 75, planned.output
    assert "another run has taken its lease" in planned.stderr
    assert company.run("show").exit_code == 64  # there is no plan
