"""A tenant that counts no members: each group is proven by a second reading that agrees."""

import json
from itertools import count

import pytest
from werkzeug.wrappers import Request, Response

from support.counterparts.graph_reading import read
from support.counterparts.small_tenant import SmallTenant, guid, user

SALES, NIGHT = (f"/v1.0/groups/{guid(name)}/members" for name in ("Sales Team", "Night Desk"))


@pytest.mark.parametrize("status", [400, 404, 501])
def test_where_no_group_is_counted_each_is_read_twice(
    small_tenant: SmallTenant, status: int
) -> None:
    """R26, told once."""
    error = json.dumps({"error": {"code": "Request_UnsupportedQuery", "message": "No $count."}})
    small_tenant.fail(lambda at: Response(error, status) if at.path.endswith("$count") else None)
    directory = read(small_tenant)
    assert [(one.complete, one.counted) for one in directory.reads] == [(True, None)] * 2
    assert f"{status} Request_UnsupportedQuery" in directory.uncounted
    asked = [path for _, path in small_tenant.sandbox.graph_ledger.requests]
    assert (asked.count(SALES), asked.count(NIGHT)) == (2, 2)


def test_a_tenant_that_counts_is_read_once(small_tenant: SmallTenant) -> None:
    assert read(small_tenant).uncounted == ""
    assert [path for _, path in small_tenant.sandbox.graph_ledger.requests].count(SALES) == 1


def test_a_refusal_for_one_group_is_a_fault_of_that_group(small_tenant: SmallTenant) -> None:
    """R2: the tenant does count."""
    small_tenant.fail(
        lambda at: Response("{}", 400) if at.path == f"{SALES}/graph.user/$count" else None
    )
    directory = read(small_tenant)
    assert [one.complete for one in directory.reads] == [False, True]
    assert directory.uncounted == ""
    assert "counting the members: 400" in directory.reads[0].because


@pytest.mark.parametrize("status", [403, 500])
def test_a_count_that_fails_for_every_group_is_no_tenant_without_one(
    small_tenant: SmallTenant, status: int
) -> None:
    small_tenant.fail(lambda at: Response("{}", status) if at.path.endswith("$count") else None)
    directory = read(small_tenant)
    assert [one.complete for one in directory.reads] == [False, False]
    assert directory.uncounted == ""


@pytest.mark.parametrize("what", ["lost", "joined", "replaced"])
def test_readings_that_differ_prove_nothing(small_tenant: SmallTenant, what: str) -> None:
    small_tenant.sandbox.graph.counts = False
    sound, readings = small_tenant.sandbox.graph.answer, count()

    def second(request: Request) -> Response | None:
        if request.path != SALES or not next(readings):
            return None
        members = small_tenant.sandbox.tenant.groups[guid("Sales Team")]["members"]
        if what != "joined":
            members.remove(guid("user3"))
        if what != "lost":
            small_tenant.sandbox.tenant.users[guid("new")] = user("new")
            members.append(guid("new"))
        return sound(request)

    small_tenant.fail(second)
    directory = read(small_tenant)
    assert [one.complete for one in directory.reads] == [False, True]
    assert "two readings differ in" in directory.reads[0].because


def test_a_second_reading_that_fails_proves_nothing(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.counts = False
    readings = count()
    small_tenant.fail(
        lambda at: Response("{}", 500) if at.path == SALES and next(readings) else None
    )
    assert [one.complete for one in read(small_tenant).reads] == [False, True]


def test_groups_in_groups_are_proven_so_too(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.counts = False
    inner = {"id": guid("Inner"), "displayName": "Inner", "members": [guid("user1")]}
    small_tenant.sandbox.tenant.groups[guid("Inner")] = inner
    small_tenant.sandbox.tenant.groups[guid("Night Desk")]["memberGroups"] = [guid("Inner")]
    assert all(one.complete for one in read(small_tenant, nested="expand").reads)
