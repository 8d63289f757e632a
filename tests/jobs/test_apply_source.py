"""P4: of whom Entra ID says something else since the plan was made, nothing is done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from errands import SETS, Errands
from office import group, guid, user
from werkzeug.wrappers import Request, Response

from reconciler.model.plan import Kind

KINDS = (Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.DEACTIVATE_ACCOUNT)


@pytest.fixture
def errands(tmp_path: Path) -> Iterator[Errands]:
    """fay joins Sales, bob leaves it, cyd moves from it to Marketing; dan is disabled."""
    with Errands(tmp_path, *KINDS) as errands:
        errands.approve()
        yield errands


def now(errands: Errands, sales: list[str], marketing: list[str], **changed: Any) -> None:
    """The groups after the plan was made; everybody is enabled, but for what `changed`."""
    names = ("fay", "bob", "cyd", "dan", "zoe")
    errands.sandbox.tenant.replace(
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
    errands: Errands, sales: list[str], marketing: list[str], who: str, said: str
) -> None:
    now(errands, sales, marketing)
    applied = errands.json("apply latest")
    (finding,) = applied["findings"]
    assert finding["code"] == "P4"
    assert finding["subject"]["name"].startswith(who)
    assert said in finding["message"]
    for outcome in applied["outcomes"]:
        theirs = outcome["subject"].startswith(who)
        assert outcome["result"] == ("skipped" if theirs else "done")
    assert who not in str(errands.deeds)


def test_p4_whoever_was_blocked_since_gets_neither_account_nor_seat(tmp_path: Path) -> None:
    with Errands(tmp_path, Kind.CREATE_ACCOUNT, Kind.GRANT, Kind.MOVE) as errands:
        errands.approve()
        for name in ("eva", "fay", "cyd"):
            errands.sandbox.tenant.users[guid(name)]["accountEnabled"] = False
        applied = errands.json("apply latest")
        assert {found["code"] for found in applied["findings"]} == {"P4"}
        assert all("is disabled in Entra ID" in found["message"] for found in applied["findings"])
        assert errands.deeds == []


def test_p4_a_name_that_changed_once_more_is_left_to_the_next_plan(tmp_path: Path) -> None:
    with Errands(tmp_path, Kind.UPDATE_ACCOUNT, Kind.CREATE_ACCOUNT) as errands:
        errands.approve()
        for name in ("ana", "eva"):
            errands.sandbox.tenant.users[guid(name)]["surname"] = "Divorced"
        applied = errands.json("apply latest")
        assert [found["code"] for found in applied["findings"]] == ["P4", "P4"]
        assert errands.deeds == []
        errands.approve()
        assert errands.run("apply latest").exit_code == 0


def test_p4_whoever_was_deleted_since_is_not_made_active_again(tmp_path: Path) -> None:
    with Errands(tmp_path, Kind.REACTIVATE_ACCOUNT) as errands:
        errands.approve()
        tenant = errands.sandbox.tenant
        tenant.deleted[guid("gus")] = tenant.users.pop(guid("gus"))
        (found,) = errands.json("apply latest")["findings"]
        assert "was deleted in Entra ID" in found["message"]
        assert errands.deeds == []


def test_a_disabled_user_who_is_still_in_her_group_loses_her_seat(tmp_path: Path) -> None:
    with Errands(tmp_path, Kind.GRANT) as errands:
        errands.approve()
        assert errands.run("apply latest").exit_code == 0
        errands.sandbox.tenant.replace(
            {
                "users": [user("fay", accountEnabled=False)],
                "groups": [group("Sales Team", "fay")],
            }
        )
        errands.approve()
        assert errands.run("apply latest").exit_code == 0
        assert errands.sandbox.portal.members("Sales Team") == set()


def test_a_group_that_cannot_be_read_to_its_end_costs_nobody_a_seat(errands: Errands) -> None:
    sound = errands.sandbox.graph._answer

    def fewer(request: Request) -> Response:
        counting = request.path.endswith("/$count")
        return Response("9", content_type="text/plain") if counting else sound(request)

    errands.sandbox.graph._answer = fewer  # type: ignore[method-assign]
    results = {o["subject"][:3]: o["result"] for o in errands.json("apply latest")["outcomes"]}
    assert set(results.values()) == {"skipped"}  # nor is anybody given one


def test_every_sets_group_is_read_and_who_is_in_none_is_looked_up(errands: Errands) -> None:
    before = len(errands.sandbox.graph_ledger.requests)
    errands.run("apply latest")
    asked = [path for _, path in errands.sandbox.graph_ledger.requests[before:]]
    assert len([path for path in asked if path.endswith("/members")]) == len(SETS)
    assert asked.count("/v1.0/users") == 1
