"""Sign-ins are read to the end, twice; a reading that lacks any is not called whole."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from connectors.entra.client import Entra
from connectors.entra.reading import sign_ins
from connectors.errors import CounterpartError, Refused, Unreachable
from reconciler.model.sign_ins import SignInsRead
from support.counterparts.small_tenant import SmallTenant, guid

APP = "11111111-1111-1111-1111-111111111111"
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
WEEK = timedelta(days=7)
PATH = "/v1.0/auditLogs/signIns"


def sign_in(name: str, ago: timedelta, error: int = 0, **others: Any) -> dict[str, Any]:
    return {
        "id": guid(f"{name} {ago}"),
        "appId": APP,
        "userId": guid(name),
        "createdDateTime": f"{NOW - ago:%Y-%m-%dT%H:%M:%SZ}",
        "status": {"errorCode": error},
        **others,
    }


@pytest.fixture
def tenant(small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch) -> SmallTenant:
    """Ten sign-ins in pages of three."""
    monkeypatch.setattr(sign_ins, "PAGE", 3)
    small_tenant.sandbox.graph.roles = ("AuditLog.Read.All",)
    small_tenant.sandbox.tenant.sign_ins = [
        sign_in(f"user{at}", timedelta(hours=7 * at)) for at in range(10)
    ]
    return small_tenant


def read(tenant: SmallTenant, since: timedelta = WEEK) -> SignInsRead:
    return Entra(tenant.settings.directory).read_sign_ins(APP, NOW - since, NOW)


def seen(reading: SignInsRead) -> set[str]:
    return {one.user for one in reading.sign_ins}


def everybody() -> set[str]:
    return {guid(f"user{at}") for at in range(10)}


def begins(request: Request) -> bool:
    """Whether a reading begins with this request."""
    return request.path == PATH and "$skiptoken" not in request.args


def from_(
    reading: int, tenant: SmallTenant, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    """From this reading on (1: the first) the tenant has other sign-ins."""
    numbers = count(1)

    def answer(request: Request) -> None:
        if begins(request) and next(numbers) == reading:
            change(tenant.sandbox.tenant.sign_ins)

    tenant.fail(answer)


def test_every_page_is_read_and_read_again(tenant: SmallTenant) -> None:
    reading = read(tenant)
    assert (seen(reading), reading.because, reading.read) == (everybody(), "", NOW)
    asked = [path for _, path in tenant.sandbox.graph_ledger.requests]
    assert asked.count(PATH) == 2 * 4


def test_only_those_to_the_application_from_the_time_on(tenant: SmallTenant) -> None:
    tenant.sandbox.tenant.sign_ins.append(sign_in("other", timedelta(0), appId=guid("another")))
    reading = read(tenant, timedelta(hours=14))
    assert seen(reading) == {guid("user0"), guid("user1"), guid("user2")}


def test_a_sign_in_that_failed_is_told_apart(tenant: SmallTenant) -> None:
    """Of one with a wrong name Graph knows no user."""
    tenant.sandbox.tenant.sign_ins = [
        sign_in("user1", timedelta(hours=1), 50126, userId=""),
        sign_in("user2", timedelta(hours=2), 50126),
        sign_in("user3", timedelta(hours=3)),
    ]
    assert [(one.user, one.succeeded) for one in read(tenant).sign_ins] == [
        ("", False),
        (guid("user2"), False),
        (guid("user3"), True),
    ]


@pytest.mark.parametrize("reading", [1, 2])
def test_a_page_that_only_one_reading_has_proves_nothing(tenant: SmallTenant, reading: int) -> None:
    """What is there took place all the same."""

    def lose(all_: list[dict[str, Any]]) -> None:
        del all_[3:6]

    def find(all_: list[dict[str, Any]]) -> None:
        all_.extend(lost)

    lost = tenant.sandbox.tenant.sign_ins[3:6]
    if reading == 1:
        del tenant.sandbox.tenant.sign_ins[3:6]
    from_(2, tenant, lose if reading == 2 else find)
    found = read(tenant)
    assert (seen(found), found.because) == (everybody(), "two readings differ in 3 sign-ins")


def test_one_that_comes_in_between_is_no_difference(tenant: SmallTenant) -> None:
    late = sign_in("late", timedelta(hours=2))
    from_(2, tenant, lambda all_: all_.append(late))
    reading = read(tenant)
    assert (seen(reading), reading.because) == (everybody() | {guid("late")}, "")


def test_a_second_reading_that_fails_leaves_the_first_unproven(tenant: SmallTenant) -> None:
    numbers = count(1)
    tenant.fail(
        lambda request: Response("{}", 403) if begins(request) and next(numbers) == 2 else None
    )
    reading = read(tenant)
    assert seen(reading) == everybody()
    assert reading.because == f"GET {PATH} at Microsoft Graph: 403"


def test_pages_that_lead_round_in_a_circle_are_not_believed(tenant: SmallTenant) -> None:
    link = f"{tenant.settings.directory.endpoints.graph}{PATH}?$skiptoken=3"
    page = {"value": [sign_in("user1", timedelta(0))], "@odata.nextLink": link}
    tenant.fail(lambda request: _json(page) if request.path == PATH else None)
    with pytest.raises(Unreachable, match="round in a circle"):
        read(tenant)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"status": None}, "no user or no status"),
        ({"status": {"errorCode": "0"}}, "no user or no status"),
        ({"userId": None}, "no user or no status"),
        ({"createdDateTime": "yesterday"}, "no time"),
        ({"id": 7}, "no usable id"),
    ],
)
def test_a_sign_in_that_is_none(tenant: SmallTenant, wrong: dict[str, Any], why: str) -> None:
    one = sign_in("user1", timedelta(0)) | wrong
    tenant.fail(lambda request: _json({"value": [one]}) if request.path == PATH else None)
    with pytest.raises(Unreachable, match=why):
        read(tenant)


def test_without_the_permission_or_the_licence_graph_refuses(tenant: SmallTenant) -> None:
    tenant.sandbox.graph.premium = False
    with pytest.raises(Refused, match="NonPremium"):
        read(tenant)
    tenant.sandbox.graph.roles = ("User.Read.All",)
    with pytest.raises(CounterpartError, match="PermissionMissing"):
        read(tenant)


def _json(body: object) -> Response:
    return Response(json.dumps(body), mimetype="application/json")
