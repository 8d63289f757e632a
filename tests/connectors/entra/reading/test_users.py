"""Who is in no group any more: present, deleted or gone, and never gone by mistake."""

import json

import pytest
from werkzeug.wrappers import Request, Response

from connectors.entra.client import Entra
from connectors.errors import CounterpartError
from support.counterparts.small_tenant import Fault, SmallTenant, guid, user


def look_up(small_tenant: SmallTenant, *ids: str) -> dict[str, str]:
    settings = small_tenant.settings
    people = Entra(settings.directory).look_up(
        ids, settings.attribute_mapping.sources, lambda _: None
    )
    assert people["id"].is_unique
    return dict(zip(people["id"], people["presence"], strict=True))


def users_answered(*users: object) -> Fault:
    answer = json.dumps({"value": users})
    return lambda request: Response(answer) if request.path == "/v1.0/users" else None


def test_who_left_every_group_is_looked_up(small_tenant: SmallTenant) -> None:
    assert look_up(
        small_tenant, guid("user1"), guid("leaver"), guid("nobody"), "not a guid", "7"
    ) == {
        guid("user1"): "present",
        guid("leaver"): "deleted",
        guid("nobody"): "gone",
    }


def test_nobody_asked_for_costs_no_request(small_tenant: SmallTenant) -> None:
    assert look_up(small_tenant) == {}
    assert small_tenant.sandbox.graph_ledger.requests == []


def test_many_are_asked_for_in_one_batch(small_tenant: SmallTenant) -> None:
    assert set(look_up(small_tenant, *(guid(f"user{at}") for at in range(20))).values()) == {
        "present"
    }
    asked = [path for _, path in small_tenant.sandbox.graph_ledger.requests if "/v1.0/" in path]
    assert asked == ["/v1.0/$batch"]


def test_what_an_answer_in_a_batch_does_not_hold_is_read_page_by_page(
    small_tenant: SmallTenant,
) -> None:
    small_tenant.sandbox.graph.largest_page = 2
    ids = [guid(f"user{at}") for at in range(20)]
    assert look_up(small_tenant, *ids) == dict.fromkeys(ids, "present")


def test_the_recycle_bin_is_read_to_its_end(small_tenant: SmallTenant) -> None:
    small_tenant.sandbox.graph.largest_page = 2
    small_tenant.sandbox.tenant.deleted.update(
        {guid(f"gone{at}"): user(f"gone{at}") for at in range(5)}
    )
    assert look_up(small_tenant, guid("gone4")) == {guid("gone4"): "deleted"}


def test_who_is_restored_between_two_questions_is_not_gone(small_tenant: SmallTenant) -> None:
    """They are no user yet when users are asked for, and in the bin no more when it is read."""
    tenant = small_tenant.sandbox.tenant

    def restoring(request: Request) -> None:
        if "deletedItems" in request.path:
            leaver = tenant.deleted.pop(guid("leaver"))
            tenant.users[guid("leaver")] = leaver

    small_tenant.fail(restoring)
    assert look_up(small_tenant, guid("leaver")) == {guid("leaver"): "present"}


def test_an_id_in_capitals_is_the_same_person(small_tenant: SmallTenant) -> None:
    assert look_up(small_tenant, guid("user1").upper()) == {guid("user1"): "present"}
    small_tenant.fail(users_answered({"id": guid("user1").upper()}))
    assert look_up(small_tenant, guid("user1")) == {guid("user1"): "present"}


def test_people_who_were_not_asked_for_are_left_out(small_tenant: SmallTenant) -> None:
    small_tenant.fail(users_answered({"id": guid("user1")}, {"id": guid("user2")}))
    assert look_up(small_tenant, guid("user1")) == {guid("user1"): "present"}


@pytest.mark.parametrize("folder", ["/v1.0/users", "deletedItems"])
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(("{}", 403), id="refused"),
        pytest.param(("{}", 404), id="not found"),
        pytest.param(("{}", 500), id="broken"),
        pytest.param(("<html>", 200), id="not JSON"),
        pytest.param(('{"value": null}', 200), id="no list"),
        pytest.param(('{"value": [{"mail": "a@b"}]}', 200), id="no id"),
        pytest.param(('{"value": [{"id": "a", "accountEnabled": "no"}]}', 200), id="no flag"),
    ],
)
def test_nobody_is_gone_because_of_an_error(
    small_tenant: SmallTenant, folder: str, answer: tuple[str, int]
) -> None:
    small_tenant.fail(lambda request: Response(*answer) if folder in request.path else None)
    with pytest.raises(CounterpartError):
        look_up(small_tenant, guid("leaver"))


def test_nobody_is_gone_because_one_of_several_requests_failed(small_tenant: SmallTenant) -> None:
    last = max(guid(f"user{at}") for at in range(20))

    def fault(request: Request) -> Response | None:
        return Response("{}", status=403) if last in request.args.get("$filter", "") else None

    small_tenant.fail(fault)
    with pytest.raises(CounterpartError, match="403"):
        look_up(small_tenant, *(guid(f"user{at}") for at in range(20)))
