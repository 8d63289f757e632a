"""What is approved is what was seen, by somebody who says why; a mistake approves nothing."""

import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from jobs.approval.os_user import whoami
from jobs.cli.main import main
from support.counterparts.small_tenant import group, user
from support.scenarios.company import Company


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Ana has a seat and is to lose it, Bob is to get one; R9 objects."""
    company = Company(tmp_path_factory.mktemp("company"))
    everybody = [user("ana"), user("bob")]
    before = {"users": everybody, "groups": [group("Sales", "ana")]}
    company.sandbox = Sandbox(
        Tenant(before), [{"name": "Sales", "products": ["Sales"]}], {"Sales": 2}
    )
    with company.sandbox:
        company.configure(policy={"max_revokes": 0, "max_revoke_percent": 0})
        company.run("plan")
        company.let_pass("--reason", "first")
        assert company.run("apply latest").exit_code == 0
        company.age_the_store()
        company.sandbox.tenant.replace(before | {"groups": [group("Sales", "bob")]})
        assert company.run("plan").exit_code == 3
        company.remember()
        yield company


@pytest.fixture
def company(planned: Company) -> Company:
    planned.return_to_it()
    return planned


def approvals(company: Company) -> int:
    return company.run("show").stdout.count("Approved by")


def as_advised(refused: Result) -> Result:
    """The command in a message, typed as it stands there."""
    (command,) = [line for line in refused.stderr.splitlines() if ": seatsync approve " in line]
    _, _, arguments = command.partition(": seatsync ")
    return CliRunner().invoke(main, shlex.split(arguments))


@pytest.mark.parametrize("reason", ["", " ", "\t\u2800", "\u200b"])
def test_a_reason_says_something(company: Company, reason: str) -> None:
    refused = company.let_pass("--reason", reason, "--override", "R9")
    assert refused.exit_code == 64
    assert "there is nothing to read in it" in refused.stderr
    assert approvals(company) == 0


@pytest.mark.parametrize(
    "name", ["policy.auto_apply", "Policy.Auto_apply", "p\u043elicy.auto_apply"]
)
def test_nobody_goes_by_the_name_of_what_no_person_approves(company: Company, name: str) -> None:
    refused = company.let_pass("--reason", "r", "--override", "R9", "--by", name)
    assert refused.exit_code == 64
    assert "that is the name of approvals by nobody" in refused.stderr
    assert approvals(company) == 0


def test_a_missing_override_is_told_as_the_command_to_type(company: Company) -> None:
    refused = company.let_pass("--reason", "it's meant", "--by", "Eva")
    assert refused.exit_code == 3
    assert "P7: " in refused.stderr
    assert "the limit is 0 users. Nothing was sent." in refused.stderr
    approved = as_advised(refused)
    assert approved.exit_code == 0, approved.output
    assert f"Approved by {whoami()} (Eva)" in company.run("show").stdout
    assert "it's meant" in company.run("show").stdout


def test_codes_are_known_in_any_case(company: Company) -> None:
    for code, why in (("r99", "R99 is no guard of this plan"), ("r10", "R10 does not object")):
        refused = company.let_pass("--reason", "r", "--override", "R9", "--override", code)
        assert refused.exit_code == 3
        assert why in refused.stderr
    assert approvals(company) == 0
    assert company.let_pass("--reason", "r", "--override", "r9").exit_code == 0


def test_latest_is_nothing_that_a_program_has_seen(company: Company) -> None:
    refused = company.run("approve latest", "--reason", "r", "--override", "R9")
    assert refused.exit_code == 64
    assert "Without a terminal" in refused.stderr
    assert approvals(company) == 0
    assert as_advised(refused).exit_code == 0


def test_nothing_names_no_plan(company: Company) -> None:
    for command in ("show", "apply", "undo"):
        assert company.run(command, "").exit_code == 64
    assert company.run("approve", "", "--reason", "r", "--override", "R9").exit_code == 64


def test_a_plan_of_another_configuration_is_not_approved(company: Company) -> None:
    company.configure(policy={"max_revokes": 0, "max_revoke_percent": 0, "approvers": ["eva"]})
    stale = company.let_pass("--reason", "r", "--override", "R9")
    assert stale.exit_code == 3
    assert "P2: " in stale.stderr
    assert "the configuration changed since it was made" in stale.stderr
    company.run("plan")
    other = company.let_pass("--reason", "r", "--override", "R9")
    assert "policy.approvers does not list who gave it" in other.stderr
    assert approvals(company) == 0


def test_a_plan_that_was_used_is_not_approved_again(company: Company) -> None:
    assert company.let_pass("--reason", "r", "--override", "R9").exit_code == 0
    assert company.run("apply latest").exit_code == 0
    used = company.let_pass("--reason", "r", "--override", "R9")
    assert used.exit_code == 3
    assert "P6: " in used.stderr


class Terminal:
    """`seatsync approve latest`, with a person before it."""

    def __init__(self, company: Company) -> None:
        self._keyboard, ours = pty.openpty()
        program = "from jobs.cli.main import main; main()"
        arguments = ["approve", "latest", "--reason", "r", "--override", "R9"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments, "--config", str(company.config)],
            stdin=ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.close(ours)

    def shown(self) -> str:
        """Up to the question."""
        assert self._process.stdout
        text = ""
        while "[y/N]" not in text:
            more = self._process.stdout.read(1)
            assert more, text
            text += more
        return text

    def ends(self, answer: str) -> tuple[int, str]:
        os.write(self._keyboard, f"{answer}\n".encode())
        rest, _ = self._process.communicate()
        os.close(self._keyboard)
        return self._process.returncode, rest


def test_on_a_terminal_the_latest_is_shown_and_confirmed(company: Company) -> None:
    plan = company.json("show")["id"]
    terminal = Terminal(company)
    shown = terminal.shown()
    assert f"Plan {plan}: " in shown
    assert "1 of 1 user (100 %)" in shown
    assert terminal.ends("n") == (3, ": It was not approved.\n")
    terminal = Terminal(company)
    terminal.shown()
    code, said = terminal.ends("y")
    assert code == 0, said
    assert f"Approved plan {plan}" in said


def test_a_plan_that_is_newer_than_the_one_shown_is_not_approved(company: Company) -> None:
    terminal = Terminal(company)
    terminal.shown()
    company.run("plan")
    newer = company.json("show")["id"]
    code, said = terminal.ends("y")
    assert code == 3
    assert f"Plan {newer} was made meanwhile, and none was approved." in said
    assert approvals(company) == 0
