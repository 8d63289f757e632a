"""One exit code that cannot lie: 1 means that nothing was changed, whatever went wrong."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from werkzeug.wrappers import Response

from connectors.scim.client import Scim
from connectors.scim.transport import ScimTransport
from connectors.store.sets import Sets
from jobs.executor.executor import Execution
from reconciler.model.plan import Kind
from support.faults.seatsync_process import SeatsyncProcesses
from support.faults.vendor_interceptor import VendorInterceptor, refusing
from support.scenarios.company import Company
from support.scenarios.pending_operations import HER_SET, PENDING, PendingOperations


def busy() -> Response:
    return Response(status=429, headers={"Retry-After": "7200"})


UNFORESEEN = [KeyError("x"), MemoryError(), RecursionError("too deep"), OSError(28, "disk full")]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PendingOperations]:
    """One user for each kind of operation; the plan is approved."""
    with PendingOperations(tmp_path_factory.mktemp("pending")) as pending:
        pending.approve()
        pending.remember()
        yield pending


@pytest.fixture
def pending(prepared: PendingOperations) -> PendingOperations:
    prepared.return_to_it()
    return prepared


def faulty(fault: BaseException, *, after: bool = False) -> Callable[[Any], Any]:
    """Wraps a function: it raises the fault, in its place or `after` it has done its work."""

    def wrap(sound: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if after:
                sound(*arguments, **options)
            raise fault

        return call

    return wrap


def plainly(ended: Result) -> None:
    """A sentence, and no traceback."""
    assert isinstance(ended.exception, SystemExit | None), ended.exception
    assert "Traceback" not in ended.output
    assert len(ended.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("fault", UNFORESEEN, ids=repr)
@pytest.mark.parametrize(("after", "result"), [(False, "failed"), (True, "done")])
def test_a_fault_of_one_operation_is_its_own(
    pending: PendingOperations,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    after: bool,
    result: str,
) -> None:
    """Only its read-back tells whether it was done; the others go on."""
    wrap = faulty(fault, after=after)
    monkeypatch.setattr(Scim, "create_account", wrap(Scim.create_account))
    ended = pending.run("apply latest --json")
    outcomes = json.loads(ended.stdout)["outcomes"]
    made = [one for one in outcomes if one["kind"] == "create_account"]
    assert {(one["result"], type(fault).__name__ in one["detail"]) for one in made} == {
        (result, True)
    }
    theirs = {one["subject"] for one in made}
    assert {one["result"] for one in outcomes if one["subject"] not in theirs} == {"done"}
    assert ended.exit_code == (0 if after else 4)


def test_what_nobody_can_tell_is_unknown(
    pending: PendingOperations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the answer nor the read-back; the next run reads it before anything else."""
    broken = faulty(KeyError("x"))
    monkeypatch.setattr(
        Scim, "create_account", faulty(KeyError("x"), after=True)(Scim.create_account)
    )
    monkeypatch.setattr(Scim, "find", broken(Scim.find))
    ended = pending.run("apply latest --json")
    monkeypatch.undo()
    said = json.loads(ended.stdout)
    unknown = [one["kind"] for one in said["outcomes"] if one["result"] == "unknown"]
    assert unknown == ["create_account"] * 2
    assert "P10" in {found["code"] for found in said["findings"]}
    assert ended.exit_code == 4
    pending.run("plan")
    assert "R13" in pending.run("show").stdout


@pytest.mark.parametrize("fault", UNFORESEEN, ids=repr)
def test_whatever_escapes_after_something_was_sent_ends_with_4(
    pending: PendingOperations, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(Execution, "learn", faulty(fault)(Execution.learn))
    ended = pending.run("apply latest")
    assert ended.exit_code == 4
    plainly(ended)
    assert type(fault).__name__ in ended.stderr
    assert "had sent changes to the vendor" in ended.stderr
    assert pending.deeds
    assert pending.json("history")[0]["exit"] == 4


def test_a_person_who_ends_it_after_something_was_sent_is_told_4(
    pending: PendingOperations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sets, "synced", faulty(KeyboardInterrupt())(Sets.synced))
    ended = pending.run("apply latest")
    assert ended.exit_code == 4
    assert pending.deeds


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        *(("plan", fault) for fault in [*UNFORESEEN, KeyboardInterrupt()]),
        *zip(["run", "apply latest", "undo latest", "pull"], UNFORESEEN, strict=True),
    ],
    ids=repr,
)
def test_whatever_escapes_before_anything_was_sent_ends_with_1(
    pending: PendingOperations, monkeypatch: pytest.MonkeyPatch, command: str, fault: BaseException
) -> None:
    monkeypatch.setattr(ScimTransport, "get", faulty(fault)(ScimTransport.get))
    ended = pending.run(command)
    assert ended.exit_code == (64 if command.startswith("undo") else 1)
    assert isinstance(ended.exception, SystemExit)
    assert pending.deeds == []


def test_a_run_of_its_own_accord_ends_with_4_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PendingOperations(tmp_path, Kind.UPDATE_ACCOUNT) as pending:
        pending.configure(policy={"auto_apply": True})
        monkeypatch.setattr(Execution, "learn", faulty(KeyError("x"))(Execution.learn))
        ended = pending.run("run")
        assert ended.exit_code == 4
        plainly(ended)
        assert pending.deeds


@pytest.mark.parametrize("odd", ['W/"\u2603"', 'W/"7"\r\nX-Other: 1'])
def test_a_version_that_no_header_holds_keeps_nobody_from_anything(
    pending: PendingOperations, odd: str
) -> None:
    users = [one for one in pending.sandbox.vendor.storage.resources if hasattr(one, "user_name")]

    def read() -> Response:
        listed = [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in users]
        for one in listed:
            one.setdefault("meta", {})["version"] = odd
        return Response(json.dumps({"totalResults": len(users), "Resources": listed}))

    first = iter([read()])
    interceptor = VendorInterceptor(pending)
    interceptor.intercept("GET", "/v2/Users", lambda: next(first, None))
    ended = pending.run("apply latest")
    interceptor.clear()
    assert ended.exit_code == 0, ended.output
    assert len(PENDING) <= len(pending.deeds)


@pytest.mark.parametrize("answer", [refusing(401), busy], ids=["401", "429 for two hours"])
def test_a_move_that_ends_between_its_two_halves_changed_something(
    tmp_path: Path, answer: Callable[[], Response]
) -> None:
    """The vendor wants no more, so the user cannot be put back either."""
    with PendingOperations(tmp_path, Kind.MOVE) as pending:
        pending.approve()
        asked = iter([None, *[answer()] * 9])
        VendorInterceptor(pending).intercept("PATCH", "/v2/Groups", lambda: next(asked, None))
        ended = pending.run("apply latest --json")
        (outcome,) = json.loads(ended.stdout)["outcomes"]
        assert outcome["result"] == "failed"
        assert pending.deeds == [("update", HER_SET, "-cyd@harbour.example")]
        assert ended.exit_code == 4


@pytest.mark.parametrize("arguments", ["", "--json"])
@pytest.mark.parametrize(
    ("fault", "told"),
    [("nobody_reads", ""), ("nothing_can_be_printed", "could not be printed")],
)
def test_what_was_applied_stands_whatever_becomes_of_what_is_said_of_it(
    pending: PendingOperations,
    processes: SeatsyncProcesses,
    arguments: str,
    fault: str,
    told: str,
) -> None:
    order = ("apply", "latest", *arguments.split())
    ended = processes.run(pending.config, *order, fault=("support.faults.process_faults", fault))
    assert ended.code == 0, ended.errors
    assert told in ended.errors
    assert pending.deeds


def rename_every_group(company: Company) -> None:
    groups = company.sandbox.tenant.groups
    company.sandbox.tenant.groups = {
        at: {**group, "displayName": f"old {group['displayName']}"} for at, group in groups.items()
    }


@pytest.mark.parametrize("auto_apply", [False, True])
@pytest.mark.parametrize("command", ["plan", "run"])
def test_r19_a_sync_that_reads_nothing_is_no_success(
    company: Company, command: str, auto_apply: bool
) -> None:
    company.configure(policy={"auto_apply": auto_apply})
    rename_every_group(company)
    ended = company.run(command)
    assert ended.exit_code == 5, ended.output
    assert "Nothing could be read" in ended.stdout.splitlines()[0]
    assert company.json("show")["findings"][0]["code"] == "R19"
    assert company.json("history")[0]["exit"] == 5


def test_r19_what_there_was_to_do_anyway_is_no_success_either(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.DEACTIVATE_ACCOUNT) as pending:
        pending.configure(policy={"auto_apply": True})
        rename_every_group(pending)
        ended = pending.run("run")
        assert ended.exit_code == 5, ended.output
        assert len(pending.deeds) == 1
        (run, *_) = pending.json("history")
        assert run["exit"] == 5
        assert run["summary"] == "Nothing could be read: 3 sets could not be decided about; 1 done"
        assert "Nothing could be read" in ended.stdout.splitlines()[0]


@pytest.mark.parametrize("command", ["undo latest", "reconcile nobody"])
def test_a_run_that_ends_before_it_did_anything_is_recorded_with_its_own_code(
    company: Company, command: str
) -> None:
    assert company.run(command).exit_code == 64
    assert company.json("history")[0]["exit"] == 64
