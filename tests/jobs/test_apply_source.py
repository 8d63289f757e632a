"""P4: of whom Entra ID says something else since the plan was made, nothing is done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from reconciler.model.plan import Kind
from support.counterparts.small_tenant import group, guid, user
from support.scenarios.pending_operations import SETS, PendingOperations

KINDS = (Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.DEACTIVATE_ACCOUNT)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PendingOperations]:
    """fay joins Sales, bob leaves it, cyd moves from it to Marketing; dan is disabled."""
    with PendingOperations(tmp_path_factory.mktemp("pending"), *KINDS) as pending:
        pending.approve()
        pending.remember()
        yield pending


@pytest.fixture
def pending(approved: PendingOperations) -> PendingOperations:
    approved.return_to_it()
    return approved


def now(pending: PendingOperations, sales: list[str], marketing: list[str], **changed: Any) -> None:
    """The groups after the plan was made; everybody is enabled, but for what `changed`."""
    names = ("fay", "bob", "cyd", "dan", "zoe")
    pending.sandbox.tenant.replace(
        {
            "users": [user(name, **changed.get(name, {})) for name in names],
            "groups": [
                group("Sales Team", *sales, "zoe"),
                group("Marketing Team", *marketing),
                group("Talent Team"),
            ],
        }
    )


@pytest.mark.parametrize(
    ("sales", "marketing", "who", "said"),
    [
        ([], ["cyd"], "fay", "the user is in no group any more"),
        ([], ["cyd", "fay"], "fay", 'the user is in "Marketing Team" now'),
        (["fay"], ["cyd", "fay"], "fay", "U1 User in several sets"),
        (["fay", "bob"], ["cyd"], "bob", 'came back into "Sales Team"'),
        (["fay"], ["cyd", "bob"], "bob", 'came back into "Marketing Team"'),
        (["fay", "cyd"], ["cyd"], "cyd", "U1 User in several sets"),
        (["fay", "cyd"], [], "cyd", 'came back into "Sales Team"'),
        (["fay"], [], "cyd", "the user is in no group any more"),
        (["fay"], ["cyd", "dan"], "dan", 'came back into "Marketing Team"'),
    ],
)
def test_p4_it_drops_all_that_was_planned_for_the_user_and_nothing_else(
    pending: PendingOperations, sales: list[str], marketing: list[str], who: str, said: str
) -> None:
    now(pending, sales, marketing)
    applied = pending.json("apply latest")
    (finding,) = applied["findings"]
    assert finding["code"] == "P4"
    assert finding["subject"]["name"].startswith(who)
    assert said in finding["message"]
    for outcome in applied["outcomes"]:
        theirs = outcome["subject"].startswith(who)
        assert outcome["result"] == ("skipped" if theirs else "done")
    assert who not in str(pending.deeds)


def test_p4_whoever_was_blocked_since_gets_neither_account_nor_seat(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.CREATE_ACCOUNT, Kind.GRANT, Kind.MOVE) as pending:
        pending.approve()
        for name in ("eva", "fay", "cyd"):
            pending.sandbox.tenant.users[guid(name)]["accountEnabled"] = False
        applied = pending.json("apply latest")
        assert {found["code"] for found in applied["findings"]} == {"P4"}
        assert all("is disabled in Entra ID" in found["message"] for found in applied["findings"])
        assert pending.deeds == []


def test_p4_a_name_that_changed_once_more_is_left_to_the_next_plan(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.UPDATE_ACCOUNT, Kind.CREATE_ACCOUNT) as pending:
        pending.approve()
        for name in ("ana", "eva"):
            pending.sandbox.tenant.users[guid(name)]["surname"] = "Divorced"
        applied = pending.json("apply latest")
        assert [found["code"] for found in applied["findings"]] == ["P4", "P4"]
        assert pending.deeds == []
        pending.approve()
        assert pending.run("apply latest").exit_code == 0


def test_p4_whoever_was_deleted_since_is_not_made_active_again(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.REACTIVATE_ACCOUNT) as pending:
        pending.approve()
        tenant = pending.sandbox.tenant
        tenant.deleted[guid("gus")] = tenant.users.pop(guid("gus"))
        (found,) = pending.json("apply latest")["findings"]
        assert "was deleted in Entra ID" in found["message"]
        assert pending.deeds == []


def test_a_disabled_user_who_is_still_in_her_group_loses_her_seat(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.GRANT) as pending:
        pending.approve()
        assert pending.run("apply latest").exit_code == 0
        pending.sandbox.tenant.replace(
            {
                "users": [user("fay", accountEnabled=False)],
                "groups": [group("Sales Team", "fay")],
            }
        )
        pending.approve()
        assert pending.run("apply latest").exit_code == 0
        assert pending.sandbox.portal.members("Sales Team") == set()


def test_a_group_that_cannot_be_read_to_its_end_costs_nobody_a_seat(
    pending: PendingOperations,
) -> None:
    sound = pending.sandbox.graph.answer

    def fewer(request: Request) -> Response:
        counting = request.path.endswith("/$count")
        return Response("9", content_type="text/plain") if counting else sound(request)

    pending.sandbox.graph.answer = fewer  # type: ignore[method-assign]
    results = {o["subject"][:3]: o["result"] for o in pending.json("apply latest")["outcomes"]}
    assert set(results.values()) == {"skipped"}  # nor is anybody given one


def test_every_sets_group_is_read_and_who_is_in_none_is_looked_up(
    pending: PendingOperations,
) -> None:
    graph = pending.sandbox.graph
    sound, asked = graph.answer, list[str]()

    def noting(request: Request) -> Response:
        asked.append(request.path)
        return sound(request)

    graph.answer = noting  # type: ignore[method-assign]
    pending.run("apply latest")
    assert len([path for path in asked if path.endswith("/members")]) == len(SETS)
    assert asked.count("/v1.0/users") == 1
