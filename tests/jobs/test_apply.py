"""Apply under trouble: one person's failure is theirs alone, and nobody ends with nothing."""

import signal
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event

import pytest
from click.testing import Result
from werkzeug.wrappers import Response

from config.load import load
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from connectors.store.database import open_database
from connectors.store.store import Store
from jobs.demo.company import named_exactly
from jobs.executor.executor import WORKERS
from jobs.output.exit_codes import Exit
from reconciler.model.plan import Kind
from support.alone import alone
from support.counterparts.small_tenant import group, guid, user
from support.faults.seatsync_process import SeatsyncProcess, SeatsyncProcesses
from support.faults.vendor_interceptor import VendorInterceptor, refusing
from support.scenarios.company import Company
from support.scenarios.pending_operations import PENDING, PendingOperations


@pytest.fixture
def interceptor(approved: Company) -> VendorInterceptor:
    return VendorInterceptor(approved)


@pytest.fixture
def store(approved: Company) -> Iterator[Store]:
    store = open_database(load(approved.config).store)
    yield store
    store.close()


def approve(company: Company) -> None:
    company.run("plan")
    assert company.let_pass("--reason", "r").exit_code == 0


def results(company: Company) -> dict[str, int]:
    outcomes = company.json("apply latest")["outcomes"]
    found = [outcome["result"] for outcome in outcomes]
    return {result: found.count(result) for result in sorted(set(found))}


def test_every_operation_is_journalled_and_ended(approved: Company, store: Store) -> None:
    approved.run("apply latest")
    plan = alone(store).plans.find("latest")
    journal = alone(store).journal.entries(plan.id)
    assert [entry.index for entry in journal] == [o.index for o in plan.operations]
    assert {entry.result for entry in journal} == {"done"}
    assert alone(store).journal.interrupted("") == ()


def test_one_failing_user_does_not_stop_the_others(approved: Company) -> None:
    approved.sandbox.portal.seats["Talent"] = 3  # somebody else took one meanwhile
    assert results(approved) == {"done": 104, "failed": 1}
    assert approved.run("show").exit_code == 0


def test_accepted_but_not_done_is_not_done(approved: Company) -> None:
    approved.sandbox.portal.managed_through_idp = False
    applied = approved.run("apply latest")
    assert applied.exit_code == 4
    assert approved.writes == 0
    assert "and not visible yet" in applied.stdout
    assert applied.stderr.startswith('T5: "Manage Users through IdP" looks off')
    assert "V3: The vendor accepted Sales Team within the last day" in applied.stderr
    assert approved.sandbox.portal.used() == {"Sales": 0, "Marketing": 0, "Talent": 0}


def test_done_without_an_answer_is_found_done(
    approved: Company, interceptor: VendorInterceptor
) -> None:
    interceptor.on("PATCH", "/v2/Groups", refusing(200, "<html>"), after=True)
    assert results(approved) == {"done": 105}


def test_a_connection_lost_after_the_write_makes_no_second_account(
    approved: Company, interceptor: VendorInterceptor
) -> None:

    def cut() -> Response:
        answer = Response("{", status=201)
        answer.headers["Content-Length"] = "999"
        return answer

    interceptor.on("POST", "/v2/Users", cut, after=True)
    assert results(approved) == {"done": 105}
    users = [w for w in approved.sandbox.vendor_ledger.writes if w.resource.startswith("User")]
    assert len({write.name for write in users}) == len(users) == 50


def test_a_token_that_ends_in_the_middle_stops_the_rest(
    approved: Company, interceptor: VendorInterceptor
) -> None:
    interceptor.on("POST", "/v2/Users", refusing(401))
    applied = approved.json("apply latest")
    assert [finding["code"] for finding in applied["findings"]] == ["T2"]
    failed = [o for o in applied["outcomes"] if o["result"] == "failed"]
    assert 1 <= len(failed) <= WORKERS
    assert sum(o["result"] == "skipped" for o in applied["outcomes"]) > 90


def apply_latest(company: Company) -> Result:
    """Once a person let it pass."""
    verdicts = company.json("show")["verdicts"]
    blocking = {verdict["code"] for verdict in verdicts if verdict["outcome"] != "passed"}
    assert blocking <= {"R10"}  # where only one of the two admins is there, their number doubles
    let_pass = company.let_pass("--reason", "r", *(f"--override={code}" for code in blocking))
    assert let_pass.exit_code == 0, let_pass.output
    return company.run("apply latest")


def assert_all_is_made_good(company: Company) -> None:
    """By the next plan, if what was under way has not done everything."""
    if company.run("plan").exit_code:
        applied = apply_latest(company)
        assert applied.exit_code == 0, applied.output
        assert company.run("plan").exit_code == 0
    users = [w.name for w in company.sandbox.vendor_ledger.writes if w.action == "create"]
    assert len(set(users)) == len(users)
    assert company.sandbox.portal.used() == {"Sales": 32, "Marketing": 20, "Talent": 4}


def test_an_apply_that_is_killed_is_made_good_by_the_next_plan(
    approved: Company, interceptor: VendorInterceptor, store: Store, processes: SeatsyncProcesses
) -> None:
    apply: Future[SeatsyncProcess] = Future()

    def kill() -> Response:
        if len(approved.sandbox.vendor_ledger.writes) > 40:
            apply.result().send(signal.SIGKILL)
        return Response(status=204)

    interceptor.on("PATCH", "/v2/Groups", kill, after=True)
    apply.set_result(processes.start(approved.config, "apply", "latest"))
    assert apply.result().wait().code == -signal.SIGKILL
    assert len(alone(store).journal.interrupted("")) == 1
    interceptor.finish()

    approved.run("plan")
    assert "R13" in approved.run("show").stdout
    assert alone(store).journal.interrupted("") == ()
    assert_all_is_made_good(approved)


@pytest.mark.parametrize(("method", "path"), [("POST", "/v2/Users"), ("PATCH", "/v2/Groups")])
def test_what_a_killed_apply_had_sent_may_arrive_after_the_next_plan(
    approved: Company,
    interceptor: VendorInterceptor,
    processes: SeatsyncProcesses,
    method: str,
    path: str,
) -> None:
    apply: Future[SeatsyncProcess] = Future()
    planned = Event()

    def arrive_late() -> None:
        if len(approved.sandbox.vendor_ledger.writes) >= 40:
            apply.result().send(signal.SIGKILL)
            planned.wait(300)

    interceptor.intercept(method, path, arrive_late)
    apply.set_result(processes.start(approved.config, "apply", "latest"))
    assert apply.result().wait().code == -signal.SIGKILL
    approved.run("plan")
    planned.set()
    interceptor.finish()

    applied = apply_latest(approved)
    assert applied.exit_code == Exit.PARTIAL
    assert "the vendor changed since the plan" in applied.output, applied.output
    assert_all_is_made_good(approved)


def test_a_set_whose_group_is_gone_fails_alone(settled: Company) -> None:
    approve(settled)
    storage = settled.sandbox.vendor.storage
    storage.resources = [
        r for r in storage.resources if getattr(r, "display_name", None) != "Talent Team"
    ]
    outcomes = settled.json("apply latest")["outcomes"]
    left = [o for o in outcomes if o["result"] != "done"]
    assert len(left) == 1
    assert "no single group of Talent Team any more" in left[0]["detail"]


def test_a_move_that_fails_half_way_is_put_back(settled: Company) -> None:
    settled.sandbox.tenant.replace(named_exactly())
    approve(settled)
    settled.sandbox.portal.seats["Marketing"] = 19  # fewer than are in use: no one gets in
    before = settled.sandbox.portal.members("Sales Team")
    plan = settled.json("show")
    (mover,) = [o for o in plan["operations"] if o["reason"] == "U2"]
    outcomes = {o["index"]: o for o in settled.json("apply latest")["outcomes"]}
    assert outcomes[mover["index"]]["result"] == "failed"
    assert "the account is in Sales Team as before" in outcomes[mover["index"]]["detail"]
    assert mover["account"] in before & settled.sandbox.portal.members("Sales Team")


def test_what_is_put_back_is_asked_for_again_while_the_line_is_bad(tmp_path: Path) -> None:
    mover = Company(tmp_path)
    sets = [{"name": name, "products": [name]} for name in ("Sales", "Marketing")]
    tenant = {"users": [user("ana")], "groups": [group("Sales", "ana"), group("Marketing")]}
    mover.sandbox = Sandbox(Tenant(tenant), sets, {"Sales": 1, "Marketing": 1})
    with mover.sandbox:
        mover.configure()
        approve(mover)
        assert mover.run("apply latest").exit_code == 0
        tenant["groups"] = [group("Sales"), group("Marketing", "ana")]
        mover.sandbox.tenant.replace(tenant)
        mover.run("plan")
        mover.let_pass("--reason", "r")
        refused, lost = Response('{"detail": "no"}', status=403), Response("{}", status=500)
        answers = iter([None, refused, lost, lost])
        VendorInterceptor(mover).intercept("PATCH", "/v2/Groups", lambda: next(answers, None))
        (outcome,) = [o for o in mover.json("apply latest")["outcomes"] if o["kind"] == "move"]
        assert "the account is in Sales as before" in outcome["detail"]
        assert mover.sandbox.portal.used() == {"Sales": 1, "Marketing": 0}


def test_a_split_move_whose_second_half_fails_says_so_and_the_next_plan_mends_it(
    tmp_path: Path,
) -> None:
    """ana and bob swap sets at full seats; the last of the four requests is refused."""
    swap = Company(tmp_path)
    sets = [{"name": name, "products": [name]} for name in ("Sales", "Marketing")]
    people = {name: user(name) for name in ("ana", "bob")}
    tenant = {
        "users": list(people.values()),
        "groups": [group("Sales", "ana"), group("Marketing", "bob")],
    }
    swap.sandbox = Sandbox(Tenant(tenant), sets, {"Sales": 1, "Marketing": 1})
    with swap.sandbox:
        swap.configure()
        approve(swap)
        assert swap.run("apply latest").exit_code == 0
        tenant["groups"] = [group("Sales", "bob"), group("Marketing", "ana")]
        swap.sandbox.tenant.replace(tenant)
        approve(swap)
        answers = iter([None, None, None, Response('{"detail": "no"}', status=403)])
        VendorInterceptor(swap).intercept("PATCH", "/v2/Groups", lambda: next(answers, None))
        outcomes = swap.json("apply latest")["outcomes"]
        assert [(o["kind"], o["result"]) for o in outcomes] == [
            ("revoke", "done"),
            ("move", "done"),
            ("grant", "failed"),
        ]
        assert "could not be put back" in outcomes[2]["detail"]
        assert max(swap.sandbox.portal.used().values()) == 1

        approve(swap)
        assert swap.run("apply latest").exit_code == 0
        assert swap.sandbox.portal.used() == {"Sales": 1, "Marketing": 1}


def test_a_revoke_that_drifted_holds_everything(settled: Company) -> None:
    approve(settled)
    plan = settled.json("show")
    leaver = next(o for o in plan["operations"] if o["reason"] == "U9")
    settled.sandbox.portal.assign("Sales Team", [], [leaver["account"]])
    _take_out(settled, "Sales Team", leaver["account"])
    before = settled.writes
    held = settled.run("apply latest")
    assert held.exit_code == 3
    assert "P3" in held.stderr
    assert settled.writes == before


def test_a_grant_that_drifted_is_skipped_alone(settled: Company) -> None:
    approve(settled)
    plan = settled.json("show")
    create = next(o for o in plan["operations"] if o["reason"] == "A2")
    _make_account(settled, create["after"]["attributes"])
    outcomes = {o["index"]: o for o in settled.json("apply latest")["outcomes"]}
    assert outcomes[create["index"]]["result"] == "skipped"
    assert "exists already" in outcomes[create["index"]]["detail"]
    assert sum(o["result"] == "done" for o in outcomes.values()) == len(outcomes) - 2


@pytest.mark.parametrize(
    "kind",
    [Kind.UPDATE_ACCOUNT, Kind.LINK, Kind.REACTIVATE_ACCOUNT, Kind.DEACTIVATE_ACCOUNT],
)
def test_an_account_that_changes_while_the_plan_is_applied_is_left_to_the_next(
    tmp_path: Path, kind: Kind
) -> None:
    with PendingOperations(tmp_path, kind, Kind.CREATE_ACCOUNT) as pending:
        pending.approve()
        her_id = guid(PENDING[kind][0])
        planned = pending.json("show")["operations"]
        (theirs,) = [o for o in planned if o["subject"]["id"] == her_id]

        def edit() -> None:
            interceptor.clear()
            account = pending.resource(theirs["account"])
            account.title, account.meta.version = "Boss", 'W/"somebody\'s"'

        interceptor = VendorInterceptor(pending)
        interceptor.intercept("PATCH", "/v2/Users", edit)
        outcomes = {o["index"]: o for o in pending.json("apply latest")["outcomes"]}
        assert outcomes[theirs["index"]]["result"] == "skipped"
        assert "changed after it was read" in outcomes[theirs["index"]]["detail"]
        assert pending.deeds == [
            ("create", "eva@harbour.example"),
            ("update", "Sales Team", "+eva@harbour.example"),
        ]
        pending.approve()
        assert pending.run("apply latest").exit_code == 0
        assert pending.resource(theirs["account"]).title == "Boss"


def _take_out(company: Company, set_name: str, account: str) -> None:
    """As an admin would, in the vendor's portal."""
    for resource in company.sandbox.vendor.storage.resources:
        if getattr(resource, "display_name", None) == set_name:
            resource.members = [m for m in resource.members if m.value != account]


def _make_account(company: Company, attributes: dict[str, str]) -> None:
    from connectors.scim.client import Scim

    settings = load(company.config)
    with Scim(settings.vendor, settings.attribute_mapping.targets) as vendor:
        vendor.create_account(attributes)
