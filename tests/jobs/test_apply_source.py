"""P4: who left a group or came back into one since the plan has nothing done to her."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from errands import Errands
from office import group, user
from werkzeug.wrappers import Request, Response

from reconciler.model.plan import Kind

KINDS = (Kind.GRANT, Kind.REVOKE, Kind.MOVE, Kind.DEACTIVATE_ACCOUNT)


@pytest.fixture
def errands(tmp_path: Path) -> Iterator[Errands]:
    """fay joins Sales, bob leaves it, cyd moves from it to Marketing; dan is disabled."""
    with Errands(tmp_path, *KINDS) as errands:
        errands.approve()
        yield errands


def now(errands: Errands, sales: list[str], marketing: list[str]) -> None:
    """The groups after the plan was made; everybody is enabled now."""
    errands.sandbox.tenant.replace(
        {
            "users": [user(name) for name in ("fay", "bob", "cyd", "dan")],
            "groups": [group("Sales Team", *sales), group("Marketing Team", *marketing)],
        }
    )


@pytest.mark.parametrize(
    ("sales", "marketing", "who", "said"),
    [
        ([], ["cyd"], "fay", 'left "Sales Team"'),
        (["fay", "bob"], ["cyd"], "bob", 'came back into "Sales Team"'),
        (["fay", "cyd"], ["cyd"], "cyd", 'came back into "Sales Team"'),
        (["fay"], [], "cyd", 'left "Marketing Team"'),
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
        hers = outcome["subject"].startswith(who)
        assert outcome["result"] == ("skipped" if hers else "done")
    assert who not in str(errands.deeds)


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
    assert results["bob"] == results["cyd"] == "skipped"
    assert results["fay"] == "done"  # she was seen in her group


def test_only_the_groups_that_the_plan_touches_are_read(errands: Errands) -> None:
    before = len(errands.sandbox.graph_ledger.requests)
    errands.run("apply latest")
    asked = [path for _, path in errands.sandbox.graph_ledger.requests[before:]]
    assert len([path for path in asked if path.endswith("/members")]) == 2
    assert not [path for path in asked if path.startswith("/v1.0/users")]
