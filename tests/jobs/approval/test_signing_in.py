"""With policy.approval: sign_in, whoever can write the store can still not approve.

The forgers here write their approvals as seatsync itself does, row and audit record.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from config.load import load
from connectors.sandbox.server import TENANT_ID, Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.store.database import open_database
from connectors.store.store import Store
from reconciler.model.approval import Approval, Identity
from support.alone import alone
from support.counterparts.browser import Browser
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.company import Company

OLGA, MALLORY, APPROVERS = guid("olga"), guid("mallory"), guid("Approvers")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """Ana is to get a seat; Olga is in the group of those who approve, Mallory is not."""
    company = Company(tmp_path)
    people = [user(name) for name in ("ana", "olga", "mallory")]
    groups = [group("Sales", "ana"), group("Approvers", "olga")]
    company.sandbox = Sandbox(
        Tenant({"users": people, "groups": groups}),
        [{"name": "Sales", "products": ["Sales"]}],
        {"Sales": 1},
    )
    with company.sandbox:
        company.configure(policy={"approval": "sign_in", "approvers": [APPROVERS]})
        assert company.run("plan").exit_code == 2
        yield company


@pytest.fixture
def store(company: Company) -> Iterator[Store]:
    store = open_database(load(company.config).store)
    yield store
    store.close()


@pytest.fixture
def signing_in(company: Company, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Who sits before this machine's browser."""

    def sits(user_id: str) -> None:
        monkeypatch.setattr("webbrowser.open", Browser(company.sandbox, user_id).open)

    return sits


def approving(company: Company, *options: str) -> Result:
    return company.run("approve", company.json("show")["id"], "--reason", "meant", *options)


def test_who_is_in_the_group_signs_in_and_the_plan_is_applied(
    company: Company, signing_in: Callable[[str], None]
) -> None:
    signing_in(OLGA)
    approved = approving(company)
    assert approved.exit_code == 0, approved.output
    assert "olga@harbour.example" in company.run("show").stdout
    applied = company.run("apply latest")
    assert applied.exit_code == 0, applied.output
    assert company.writes > 0


def test_who_is_not_in_the_group_signs_in_for_nothing(
    company: Company, store: Store, signing_in: Callable[[str], None]
) -> None:
    signing_in(MALLORY)
    refused = approving(company)
    assert refused.exit_code == 3
    assert "policy.approvers does not list who gave it" in refused.stderr
    assert alone(store).approvals.of(alone(store).plans.find("latest").id) == ()


def test_a_device_code_is_not_what_was_asked_for(company: Company) -> None:
    refused = approving(company, "--device-code")
    assert refused.exit_code == 64
    assert "not bound to the plan" in refused.stderr
    assert not any("devicecode" in path for _, path in company.sandbox.graph_ledger.requests)


def test_a_device_code_where_policy_takes_it_is_shown_as_one(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.configure(policy={"approval": "device_code", "approvers": [OLGA]})
    company.run("plan")
    browser = Browser(company.sandbox, OLGA)

    def enter(text: str) -> None:
        if found := re.search(r"open (\S+) and enter the code (\w+)", text):
            browser.visit(f"{found[1]}?user_code={found[2]}")

    monkeypatch.setattr("jobs.cli.approve_command.say", enter)
    assert approving(company, "--device-code").exit_code == 0
    assert "with a device code" in company.run("show").stdout
    assert company.run("apply latest").exit_code == 0


class Forger:
    """Knows all that is in the store, and has Entra ID sign what it would sign for others."""

    def __init__(self, company: Company, store: Store) -> None:
        self.plan = alone(store).plans.find("latest")
        self.people = company.sandbox.graph.authority.people
        self.issuer = f"{company.sandbox.graph_url}/{TENANT_ID}/v2.0"
        olga = Identity("olga", "build7", OLGA, "olga@harbour.example")
        at = self.plan.basis.planned_at
        self.approval = Approval(self.plan.id, self.plan.digest, olga, "meant", at)

    def signed(self, approval: Approval, user_id: str = OLGA, **claims: Any) -> Approval:
        """As if that user had signed in for it."""
        told = {"nonce": approval.nonce, **claims}
        return replace(approval, id_token=self.people.id_token(user_id, self.issuer, **told))

    def hours(self, after: int) -> int:
        """So long after the plan was made; it lives a day."""
        return int((self.plan.basis.planned_at + timedelta(hours=after)).timestamp())


def typed(forger: Forger) -> Approval:
    return forger.approval


def by_ones_own_key(forger: Forger) -> Approval:
    genuine = forger.signed(forger.approval).id_token
    own = generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(genuine, options={"verify_signature": False})
    headers = {"kid": forger.people.key_id}
    return replace(forger.approval, id_token=jwt.encode(claims, own, "RS256", headers=headers))


def of_another_plan(forger: Forger) -> Approval:
    other = forger.signed(replace(forger.approval, digest="sha256:another"))
    return replace(forger.approval, id_token=other.id_token)


def with_an_override_more(forger: Forger) -> Approval:
    return replace(forger.signed(forger.approval), overrides=("R9",))


def with_another_reason(forger: Forger) -> Approval:
    return replace(forger.signed(forger.approval), reason="whatever")


def with_somebody_elses_token(forger: Forger) -> Approval:
    return forger.signed(forger.approval, MALLORY)


def by_somebody_who_is_not_listed(forger: Forger) -> Approval:
    mallory = Identity("olga", "build7", MALLORY, "mallory@harbour.example")
    return forger.signed(replace(forger.approval, by=mallory), MALLORY)


def with_a_device_code(forger: Forger) -> Approval:
    return replace(forger.signed(forger.approval, nonce=None), weaker=True)


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (typed, "asks for a sign-in"),
        (by_ones_own_key, "its signature is not the authority's"),
        (of_another_plan, "something else than this approval"),
        (with_an_override_more, "something else than this approval"),
        (with_another_reason, "something else than this approval"),
        (lambda forger: forger.signed(forger.approval, tid=guid("t")), "of another tenant"),
        (lambda forger: forger.signed(forger.approval, aud=guid("a")), "to another app"),
        (lambda forger: forger.signed(forger.approval, iat=forger.hours(-1)), "before there was"),
        (lambda forger: forger.signed(forger.approval, iat=forger.hours(1)), "too late"),
        (with_somebody_elses_token, "is somebody else's"),
        (by_somebody_who_is_not_listed, "does not list who gave it"),
        (with_a_device_code, "asks for a sign-in in a browser"),
    ],
)
def test_a_forged_approval_lets_nothing_pass(
    company: Company, store: Store, forge: Callable[[Forger], Approval], why: str
) -> None:
    alone(store).approvals.add(forge(Forger(company, store)))
    refused = company.run("apply latest")
    assert refused.exit_code == 3, refused.output
    assert refused.stderr.startswith("P7: ")
    assert why in refused.stderr
    assert company.sandbox.vendor_ledger.writes == []


def test_what_the_forger_starts_from_is_good(company: Company, store: Store) -> None:
    forger = Forger(company, store)
    alone(store).approvals.add(forger.signed(forger.approval))
    assert company.run("apply latest").exit_code == 0


def test_an_approval_serves_as_long_as_the_plan_and_the_authoritys_key(
    company: Company, store: Store
) -> None:
    forger = Forger(company, store)
    began = forger.hours(0)
    alone(store).approvals.add(forger.signed(forger.approval, iat=began, exp=began + 1))
    forger.people.change_key()
    refused = company.run("apply latest")
    assert "the authority publishes no such key" in refused.stderr


def test_ctrl_c_ends_the_waiting_and_approves_nothing(company: Company, store: Store) -> None:
    """In a process of its own, whose browser opens and shows nobody anything.

    Whatever starts the tests in the background has SIGINT ignored, and every process inherits it.
    """
    plan = alone(store).plans.find("latest")
    as_on_a_terminal = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = [sys.executable, "-c", f"{as_on_a_terminal}; from jobs.cli.main import main; main()"]
    order = ["approve", plan.id, "--reason", "meant", "--config", str(company.config)]
    with subprocess.Popen(
        [*program, *order],
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "BROWSER": "true"},
    ) as waiting:
        assert waiting.stderr
        assert "Ctrl-C gives up" in waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)
        said = waiting.stderr.read()
    assert waiting.returncode == 1
    assert "Traceback" not in said
    assert alone(store).approvals.of(plan.id) == ()
