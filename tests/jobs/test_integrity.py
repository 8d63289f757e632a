"""What is applied is exactly what was approved, here and now; otherwise nothing is even asked.

The counterpart's own ledger of requests is the witness.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.store.database import open_database
from connectors.store.errors import PlanAltered
from connectors.store.schema import plans
from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity
from reconciler.model.plan import Plan
from support.alone import alone
from support.counterparts.small_tenant import group, user
from support.scenarios.company import Company


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Company]:
    """One person, one set; their plan is approved."""
    company = Company(tmp_path)
    company.sandbox = Sandbox(
        Tenant({"users": [user("ana")], "groups": [group("Sales", "ana")]}),
        [{"name": "Sales", "products": ["Sales"]}],
        {"Sales": 1},
    )
    with company.sandbox:
        company.configure()
        company.run("plan")
        company.let_pass("--reason", "r")
        yield company


@pytest.fixture
def store(small: Company) -> Iterator[Store]:
    store = open_database(load(small.config).store)
    yield store
    store.close()


@contextmanager
def asking_nothing(company: Company) -> Iterator[None]:
    ledger = company.sandbox.vendor_ledger
    before = len(ledger.requests)
    yield
    assert ledger.requests[before:] == []
    assert company.writes == 0


def refused(company: Company, reference: str, code: str, why: str) -> None:
    with asking_nothing(company):
        held = company.run("apply", reference)
        assert held.exit_code == 3, held.output
        assert held.stderr.startswith(f"{code}: ")
        assert why in held.stderr
        assert "Nothing was sent." in held.stderr


def save(store: Store, plan: Plan, **changes: Any) -> Plan:
    """A plan made of another, saved and approved as it is."""
    made = replace(plan, id=uuid4().hex[:8], run=plan.run + 1, **changes)
    alone(store).plans.add(made)
    at = made.basis.planned_at
    alone(store).approvals.add(Approval(made.id, made.digest, Identity("bob", "h"), "r", at))
    return made


def put(store: Store, plan: Plan, **columns: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(plans).where(plans.c.id == plan.id).values(**columns))


def test_one_byte_changed_at_any_offset(small: Company, store: Store) -> None:
    """Each is refused where the plan is read, before anything else; the command, at some."""
    plan = alone(store).plans.find("latest")
    whole = plan.canonical
    for offset in range(len(whole)):
        changed = bytes([*whole[:offset], whole[offset] ^ 1, *whole[offset + 1 :]])
        put(store, plan, body=changed)
        with pytest.raises(PlanAltered):
            alone(store).plans.find(plan.id)
        if offset % 500 == 0:
            refused(small, plan.id, "P5", f"Plan {plan.id} is not what was written or approved")
    put(store, plan, body=whole)
    assert small.run("apply latest").exit_code == 0


@pytest.mark.parametrize("cut", [slice(1), slice(-1), slice(1, None)])
def test_a_plan_that_is_cut(small: Company, store: Store, cut: slice) -> None:
    plan = alone(store).plans.find("latest")
    put(store, plan, body=plan.canonical[cut])
    refused(small, "latest", "P5", "its content was changed in the store")


def test_approve_one_and_swap_it_for_another(small: Company, store: Store) -> None:
    approved = alone(store).plans.find("latest")
    other = save(store, approved, operations=())
    put(store, approved, body=other.canonical)
    refused(small, approved.id, "P5", "its content was changed in the store")
    put(store, approved, digest=other.digest)
    refused(small, approved.id, "P5", f"plan {other.id} was put in its place")
    changed = replace(approved, operations=())
    put(store, approved, body=changed.canonical, digest=changed.digest)
    refused(
        small, approved.id, "P5", "the audit trail does not tell of it, as of none that an older"
    )


@pytest.mark.parametrize(
    ("basis", "why"),
    [
        ({"tenant_id": str(uuid4())}, "the tenant changed"),
        ({"vendor": "https://scim.example/other"}, "the vendor's address changed"),
        ({"store_id": str(uuid4())}, "the store changed"),
        ({"settings": "sha256:0"}, "the configuration changed"),
        ({"tool_version": "0.0.1"}, "the program's version changed"),
    ],
)
def test_a_plan_of_another_tenant_vendor_store_configuration_or_program(
    small: Company, store: Store, basis: dict[str, str], why: str
) -> None:
    plan = alone(store).plans.find("latest")
    save(store, plan, basis=replace(plan.basis, **basis))
    refused(small, "latest", "P2", why)


def test_an_old_plan(small: Company, store: Store) -> None:
    plan = alone(store).plans.find("latest")
    week = timedelta(days=7)
    times = {"planned_at": plan.basis.planned_at - week, "expires_at": plan.basis.expires_at - week}
    save(store, plan, basis=replace(plan.basis, **times))
    refused(small, "latest", "P2", "it expired at")


def test_a_plan_is_used_once(small: Company) -> None:
    assert small.run("apply latest").exit_code == 0
    before = small.writes, len(small.sandbox.vendor_ledger.requests)
    again = small.run("apply latest")
    assert again.exit_code == 3
    assert again.stderr.startswith("P6: ")
    assert (small.writes, len(small.sandbox.vendor_ledger.requests)) == before


def test_a_plan_without_an_approval(small: Company, store: Store) -> None:
    small.run("plan")
    refused(small, "latest", "P7", "is not approved.")


def test_every_plan_here_is_whole(store: Store) -> None:
    """The tests above change a plan that is good until then."""
    with store.engine.begin() as connection:
        (saved,) = connection.execute(select(plans.c.body)).scalars()
    assert alone(store).plans.find("latest").canonical == saved
