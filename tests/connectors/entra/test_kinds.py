"""What Graph derives from user is counted as one, and is nobody: agentUser, and whatever comes."""

import json
from datetime import UTC, datetime

import pytest
from werkzeug.wrappers import Request, Response

from connectors.entra.delta.client import DeltaEntra
from support.counterparts.graph_reading import CacheInMemory, read
from support.counterparts.small_tenant import SmallTenant, guid, user

AGENT = "#microsoft.graph.agentUser"
SALES = f"/v1.0/groups/{guid('Sales Team')}/members"


def add(small_tenant: SmallTenant, name: str, kind: str) -> None:
    tenant = small_tenant.sandbox.tenant
    tenant.users[guid(name)] = user(name, **{"@odata.type": kind})
    tenant.groups[guid("Sales Team")]["members"].append(guid(name))


@pytest.mark.parametrize("kind", [AGENT, "#microsoft.graph.someFutureUser"])
def test_a_derived_user_is_counted_and_is_no_person(small_tenant: SmallTenant, kind: str) -> None:
    add(small_tenant, "robot", kind)
    directory = read(small_tenant)
    sales = directory.reads[0]
    assert (sales.complete, sales.members, sales.counted) == (True, 26, 26)
    kinds = directory.members.set_index("id")["kind"]
    assert kinds[guid("robot")] == kind.rpartition(".")[2]
    assert guid("robot") not in set(directory.people["id"])


def test_a_derived_user_does_not_stand_for_a_user_who_is_missing(small_tenant: SmallTenant) -> None:
    add(small_tenant, "robot", AGENT)
    sound = small_tenant.sandbox.graph.answer

    def lacking(request: Request) -> Response | None:
        if request.path != SALES:
            return None
        page = json.loads(sound(request).get_data())
        page["value"] = [one for one in page["value"] if one["id"] != guid("user3")]
        return Response(json.dumps(page))

    small_tenant.fail(lacking)
    sales = read(small_tenant).reads[0]
    assert not sales.complete
    assert "25 users were read, Graph counts 26" in sales.because


@pytest.mark.parametrize("kind", ["device", "servicePrincipal", "orgContact", "someFutureThing"])
def test_a_member_of_another_kind_does_not_stand_for_a_user(
    small_tenant: SmallTenant, kind: str
) -> None:
    sound = small_tenant.sandbox.graph.answer

    def another(request: Request) -> Response | None:
        if request.path != SALES:
            return None
        page = json.loads(sound(request).get_data())
        page["value"][3] = {"id": guid("thing"), "@odata.type": f"#microsoft.graph.{kind}"}
        return Response(json.dumps(page))

    small_tenant.fail(another)
    assert "24 users were read, Graph counts 25" in read(small_tenant).reads[0].because


def test_without_a_higher_count_nobody_is_looked_up(small_tenant: SmallTenant) -> None:
    add(small_tenant, "robot", AGENT)
    small_tenant.fail(
        lambda at: Response("25") if at.path == f"{SALES}/graph.user/$count" else None
    )
    assert read(small_tenant).reads[0].complete
    assert "/v1.0/users" not in [path for _, path in small_tenant.sandbox.graph_ledger.requests]


def test_a_derived_user_who_joins_is_known_by_what_changed(small_tenant: SmallTenant) -> None:
    cache, now = CacheInMemory(), datetime.now(UTC)
    read(small_tenant, DeltaEntra(small_tenant.settings.directory, cache, now))
    add(small_tenant, "robot", AGENT)
    directory = read(small_tenant, DeltaEntra(small_tenant.settings.directory, cache, now))
    assert directory.full_read_because == ""
    assert directory.members.set_index("id")["kind"][guid("robot")] == "agentUser"
    assert guid("robot") not in set(directory.people["id"])
