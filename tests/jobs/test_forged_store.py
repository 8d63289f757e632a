"""Whoever can write the store's tables, and not its trail, applies nothing and is found out.

Each forgery is SQL on the store of a plan that was approved by a person, or applied since.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, select, text, update

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.store.database import open_database
from connectors.store.schema import audit, plans
from connectors.store.store import Store
from reconciler.model.plan import Plan
from support.alone import alone
from support.counterparts.small_tenant import group, user
from support.scenarios.company import Company


@dataclass
class Forgery:
    """A company of two people whose store is put back as it was when it was `approved`."""

    company: Company
    approved: bytes
    applied: bytes
    plan: Plan

    def of(self, content: bytes) -> Store:
        file = self.company.folder / "seatsync.db"
        for left in self.company.folder.glob("seatsync.db-*"):
            left.unlink()
        file.write_bytes(content)
        return open_database(f"sqlite:///{file}")

    def found(self) -> list[str]:
        verified = self.company.run("audit verify")
        assert verified.exit_code == (1 if verified.stderr else 0)
        return verified.stderr.replace(self.plan.id, "PLAN").splitlines()


@pytest.fixture(scope="module")
def forgery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forgery]:
    company = Company(tmp_path_factory.mktemp("forged"))
    company.sandbox = Sandbox(
        Tenant({"users": [user("ana"), user("bob")], "groups": [group("Sales", "ana", "bob")]}),
        [{"name": "Sales", "products": ["Sales"]}],
        {"Sales": 2},
    )
    store = company.folder / "seatsync.db"
    with company.sandbox:
        company.configure()
        company.run("plan")
        company.let_pass("--reason", "first look")
        assert company.let_pass("--reason", "second look").exit_code == 0
        approved = store.read_bytes()
        opened = open_database(f"sqlite:///{store}")
        plan = alone(opened).plans.find("latest")
        opened.close()
        assert company.run("apply latest").exit_code == 0
        assert company.run("audit verify").exit_code == 0
        yield Forgery(company, approved, store.read_bytes(), plan)


APPROVAL = (
    "INSERT INTO approvals (pair, plan_id, digest, account, host, object_id, name, remark, reason,"
    " at, overrides, id_token, weaker) SELECT pair, plan_id, digest, 'eva', host, '', '', '',"
    " reason, at, overrides, id_token, weaker FROM approvals LIMIT 1"
)
OTHERS = "the audit trail tells of other approvals than the store has"
ELSEWHERE = "is not in the store"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (APPROVAL, "the approval of plan PLAN by eva on"),
        ("DELETE FROM approvals WHERE id = 2", f"plan PLAN in record 3 {ELSEWHERE}"),
        ("UPDATE approvals SET account = 'eva' WHERE id = 1", f"in record 2 {ELSEWHERE}"),
        ("UPDATE approvals SET host = 'eva' WHERE id = 1", f"in record 2 {ELSEWHERE}"),
        ("UPDATE approvals SET overrides = '[\"R9\"]'", f"in record 2 {ELSEWHERE}"),
        ("UPDATE approvals SET reason = 'meant' WHERE id = 2", f"in record 3 {ELSEWHERE}"),
        ("UPDATE approvals SET id_token = 'e30.e30.'", f"in record 3 {ELSEWHERE}"),
        ("UPDATE approvals SET object_id = 'eva'", f"in record 2 {ELSEWHERE}"),
        ("UPDATE approvals SET weaker = 1 - weaker", f"in record 2 {ELSEWHERE}"),
        ("UPDATE approvals SET at = '2026-01-01 00:00:00.000000'", f"in record 2 {ELSEWHERE}"),
    ],
)
def test_an_approval_that_is_forged_changed_or_gone(
    forgery: Forgery, statement: str, named: str
) -> None:
    forge(forgery.of(forgery.approved), statement)
    refused(forgery, OTHERS)
    assert any(named in line for line in forgery.found()), forgery.found()


def test_a_plan_that_is_changed_together_with_its_digest_and_its_approvals(
    forgery: Forgery,
) -> None:
    store = forgery.of(forgery.approved)
    with store.engine.begin() as connection:
        swap(connection, forgery.plan)
    store.close()
    refused(forgery, "the audit trail does not tell of it, as of none that an older")
    again = forgery.company.run("approve", forgery.plan.id, "--reason", "r")
    assert (again.exit_code, again.stderr[:3]) == (3, "P5:")
    found = forgery.found()
    assert (
        "Trail and store disagree: plan PLAN is not the one that was made, says record 1." in found
    )
    assert "Trail and store disagree: the content of plan PLAN was changed." in found


@pytest.mark.parametrize("number", [1, 2])
def test_a_record_that_is_restamped_alone(forgery: Forgery, number: int) -> None:
    """With it the rows agree, and the next record does not follow."""
    store = forgery.of(forgery.approved)
    with store.engine.begin() as connection:
        changed = swap(connection, forgery.plan) if number == 1 else forgery.plan.digest
        restamp(connection, number, digest=changed, overrides=["R9"])
    forge(store, "UPDATE approvals SET overrides = '[\"R9\"]' WHERE id = 1")
    refused(forgery, f"record {number + 1} was changed, or does not follow the one before it")
    assert any(f"record {number + 1} was changed" in line for line in forgery.found())


def test_a_plan_whose_use_was_taken_back(forgery: Forgery) -> None:
    forge(forgery.of(forgery.applied), "UPDATE plans SET used_by = NULL, used_at = NULL")
    refused(forgery, "was already used by run", "P6")
    assert any("says the trail, and by none" in line for line in forgery.found())


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "INSERT INTO journal SELECT pair, 'x', plan_id, run_id, 99, subject, kind, intent, "
            'begun, ended, result, detail FROM journal WHERE "index" = 0',
            "operation 99 of plan PLAN is in the journal, and not in the trail",
        ),
        (
            "INSERT INTO journal SELECT pair, 'x', plan_id, 'run', 99, subject, kind, intent, "
            'begun, NULL, NULL, NULL FROM journal WHERE "index" = 0',
            "operation 99 of plan PLAN is in the journal, and not in the trail",
        ),
        (
            'DELETE FROM journal WHERE "index" = 1',
            "operation 1 of plan PLAN is in record N, and not in the journal",
        ),
        (
            "UPDATE journal SET result = 'failed' WHERE \"index\" = 0",
            "operation 0 of plan PLAN is not in the journal as record N tells it",
        ),
        (
            "UPDATE journal SET subject = 'eva' WHERE \"index\" = 0",
            "operation 0 of plan PLAN is not in the journal as record N tells it",
        ),
        (
            'UPDATE journal SET ended = NULL, result = NULL WHERE "index" = 0',
            "operation 0 of plan PLAN is not in the journal as record N tells it",
        ),
        (
            "UPDATE journal SET subject = '', detail = '', intent = '{}' WHERE \"index\" = 0",
            "operation 0 of plan PLAN is not in the journal as record N tells it",
        ),
        (
            "UPDATE journal SET intent = replace(intent, 'ana@', 'eva@') WHERE \"index\" = 1",
            "operation 1 of plan PLAN is not in the journal as it is in the plan",
        ),
        (
            "UPDATE journal SET id = 'x' WHERE \"index\" = 0",
            "operation 0 of plan PLAN is not in the journal as it is in the plan",
        ),
        ("UPDATE plans SET body = X''", "the content of plan PLAN is gone, and no purge took it"),
        ("UPDATE plans SET body = 'x'", "the content of plan PLAN was changed"),
        (
            "INSERT INTO plans SELECT pair, 'x', 9, digest, body, planned_at, NULL, NULL "
            "FROM plans",
            "plan x is in the store, and the trail does not tell that it was made",
        ),
        ("UPDATE plans SET used_by = 'x'", "says the trail, and by x"),
        (
            "DELETE FROM journal; DELETE FROM approvals; DELETE FROM plan_inputs; "
            "DELETE FROM plans",
            "plan PLAN is in the trail, and not in the store",
        ),
    ],
)
def test_what_was_done_is_told_twice(forgery: Forgery, statement: str, named: str) -> None:
    forge(forgery.of(forgery.applied), *statement.split("; "))
    found = forgery.found()
    assert len(found) == 1, found
    assert found[0].startswith("Trail and store disagree: ")
    assert named in re.sub(r"record \d+", "record N", found[0])  # operations end in any order


def test_what_is_whole_is_not_complained_of(forgery: Forgery) -> None:
    for content in (forgery.approved, forgery.applied):
        forgery.of(content).close()
        assert forgery.found() == []


def forge(store: Store, *statements: str) -> None:
    with store.engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount
    store.close()


def swap(connection: Connection, plan: Plan) -> str:
    """Another plan in its place, under its id, with approvals of that one's digest."""
    other = replace(plan, operations=plan.operations[:1])
    connection.execute(update(plans).values(body=other.canonical, digest=other.digest))
    connection.execute(text("UPDATE approvals SET digest = :digest"), {"digest": other.digest})
    return other.digest


def restamp(connection: Connection, number: int, **changes: object) -> None:
    """Changes facts of one record, and gives it the digest that it would have had with them."""
    row = connection.execute(select(audit).where(audit.c.number == number)).one()
    before = select(audit.c.digest).where(audit.c.number == number - 1)
    store = connection.execute(text("SELECT id FROM identity")).scalar_one()
    previous = connection.execute(before).scalar() or digest_of(store)
    known = json.loads(row.facts)
    facts = json.dumps(
        known | {name: changes[name] for name in changes.keys() & known.keys()},
        sort_keys=True,
        separators=(",", ":"),
    )
    moment = row.at.astimezone(UTC).isoformat()
    chained = [previous, number, moment, row.event, facts, row.personal_digest]
    digest = digest_of(json.dumps(chained, separators=(",", ":"), ensure_ascii=False))
    restamped = update(audit).where(audit.c.number == number)
    connection.execute(restamped.values(facts=facts, digest=digest))


def digest_of(text: str) -> str:
    """How the trail chains its records, computed here by other code."""
    return sha256(text.encode()).hexdigest()


def refused(forgery: Forgery, why: str, code: str = "P5") -> None:
    """And nobody at the vendor is even asked."""
    asked = len(forgery.company.sandbox.vendor_ledger.requests)
    held = forgery.company.run("apply", forgery.plan.id)
    assert (held.exit_code, held.stderr[:3]) == (3, f"{code}:"), held.output
    assert why in held.stderr
    assert len(forgery.company.sandbox.vendor_ledger.requests) == asked
