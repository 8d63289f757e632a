"""Signing in: one token for all requests, and what is told when there is none."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Response

from config.directory import DirectorySettings
from connectors.entra.client import Entra
from connectors.errors import CounterpartError, Unauthorized, Unreachable
from support.counterparts.small_tenant import Fault, SmallTenant

TOKEN, DISCOVERY = "/token", "/openid-configuration"


def check(small_tenant: SmallTenant, **endpoints: Any) -> None:
    """With some of the cloud's endpoints replaced."""
    directory: DirectorySettings = small_tenant.settings.directory
    cloud = directory.endpoints.model_copy(update=endpoints)
    Entra(directory.model_copy(update={"cloud": cloud})).check()


def answered(path: str, content: object, status: int = 200) -> Fault:
    body = content if isinstance(content, str) else json.dumps(content)
    return lambda request: Response(body, status=status) if request.path.endswith(path) else None


def asked(small_tenant: SmallTenant, path: str) -> int:
    return sum(at.endswith(path) for _, at in small_tenant.sandbox.graph_ledger.requests)


def test_many_requests_need_one_token(small_tenant: SmallTenant) -> None:
    first, *_ = small_tenant.settings.subscription_sets
    sets = [first.model_copy(update={"name": f"Team {at}"}) for at in range(60)]
    Entra(small_tenant.settings.directory).read_sets(sets, (), lambda _: None)
    assert asked(small_tenant, TOKEN) == 1


def test_a_wrong_secret_is_told_in_entras_words(small_tenant: SmallTenant) -> None:
    settings = small_tenant.settings
    (small_tenant.folder / "client-secret").write_text("wrong-canary")
    with pytest.raises(Unauthorized, match="AADSTS7000215") as caught:
        Entra(settings.directory).check()
    assert "wrong-canary" not in str(caught.value)


def test_a_secret_that_is_not_there_is_told(small_tenant: SmallTenant) -> None:
    settings = small_tenant.settings
    (small_tenant.folder / "client-secret").unlink()
    with pytest.raises(Unauthorized, match="client-secret"):
        Entra(settings.directory).check()


def test_what_entra_says_is_one_line_that_no_terminal_obeys(small_tenant: SmallTenant) -> None:
    expired = "AADSTS7000222: The secret keys\x1b[31m are expired.\r\nTrace ID: 1"
    small_tenant.fail(
        answered(TOKEN, {"error": "invalid_client", "error_description": expired}, 401)
    )
    with pytest.raises(Unauthorized) as caught:
        check(small_tenant)
    said, _, advice = caught.value.why.partition(" The client secret has expired.")
    assert said == "401 AADSTS7000222: The secret keys[31m are expired."
    assert "Create a new one" in advice


def test_an_answer_without_token_is_not_repeated_whole(small_tenant: SmallTenant) -> None:
    small_tenant.fail(answered(TOKEN, {"error": "odd", "refresh_token": "canary"}, 400))
    with pytest.raises(Unauthorized, match="401 odd") as caught:
        check(small_tenant)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 404])
def test_a_tenant_that_does_not_exist_is_told(small_tenant: SmallTenant, status: int) -> None:
    small_tenant.fail(answered(DISCOVERY, {"error": "invalid_tenant"}, status))
    with pytest.raises(Unauthorized, match=small_tenant.settings.directory.tenant_id):
        check(small_tenant)


def test_a_configuration_without_endpoints_is_none(small_tenant: SmallTenant) -> None:
    small_tenant.fail(answered(DISCOVERY, {"value": None}))
    with pytest.raises(Unreachable, match="has no endpoints"):
        check(small_tenant)


@pytest.mark.parametrize("path", [TOKEN, DISCOVERY])
@pytest.mark.parametrize(
    ("content", "status", "why"),
    [
        pytest.param("<html>", 200, "not JSON", id="a proxy's page"),
        pytest.param("[]", 200, "not JSON", id="no object"),
        pytest.param("{}", 500, "status 500", id="broken"),
        pytest.param("{}", 503, "status 503", id="busy"),
        pytest.param("{}", 429, "status 429", id="throttled"),
    ],
)
def test_an_authority_out_of_order_is_no_wrong_secret(
    small_tenant: SmallTenant, path: str, content: str, status: int, why: str
) -> None:
    small_tenant.fail(answered(path, content, status))
    with pytest.raises(Unreachable, match=why):
        check(small_tenant)


def test_a_passing_fault_is_tried_again(small_tenant: SmallTenant) -> None:
    faults = iter([Response("", status=503), Response("", status=500)])
    small_tenant.fail(lambda request: next(faults, None) if request.path.endswith(TOKEN) else None)
    check(small_tenant)
    assert asked(small_tenant, TOKEN) == 3


def refusing(times: int, code: int) -> Fault:
    body = {"error": "server_error", "error_description": f"AADSTS{code}: Try again."}
    faults = iter([Response(json.dumps(body), status=400) for _ in range(times)])
    return lambda request: next(faults, None) if request.path.endswith(TOKEN) else None


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.entra.auth.app_token.PAUSES", (0, 0, 0))


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("code", [90033, 90024, 50033])
def test_a_passing_fault_that_is_told_as_a_refusal_is_tried_again(
    small_tenant: SmallTenant, code: int
) -> None:
    small_tenant.fail(refusing(3, code))
    check(small_tenant)
    assert asked(small_tenant, TOKEN) == 4


@pytest.mark.usefixtures("hasty")
def test_a_passing_fault_that_does_not_pass_is_no_wrong_secret(small_tenant: SmallTenant) -> None:
    small_tenant.fail(refusing(99, 90033))
    with pytest.raises(Unreachable, match="AADSTS90033: Try again"):
        check(small_tenant)
    assert asked(small_tenant, TOKEN) == 4


def test_a_refusal_is_not_tried_again(small_tenant: SmallTenant) -> None:
    small_tenant.fail(refusing(1, 7000222))
    with pytest.raises(Unauthorized):
        check(small_tenant)
    assert asked(small_tenant, TOKEN) == 1


def test_a_token_that_tells_no_permissions_is_told(small_tenant: SmallTenant) -> None:
    opaque = {"token_type": "Bearer", "expires_in": 3600, "access_token": "opaque"}
    small_tenant.fail(answered(TOKEN, opaque))
    with pytest.raises(Unreachable, match="permissions"):
        check(small_tenant)


@pytest.mark.parametrize("endpoint", ["authority", "graph"])
@pytest.mark.parametrize("address", ["https://nowhere.invalid", "https://127.0.0.1:1"])
def test_a_host_that_is_not_there_is_told(
    small_tenant: SmallTenant, endpoint: str, address: str
) -> None:
    with pytest.raises(Unreachable):
        check(small_tenant, **{endpoint: address})


def test_a_certificate_that_nobody_signed_is_refused(small_tenant: SmallTenant) -> None:
    with pytest.raises(CounterpartError, match="certificate is not trusted"):
        check(small_tenant, ca_file=None)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("path", [TOKEN, DISCOVERY])
def test_a_redirect_is_not_followed(
    small_tenant: SmallTenant, httpserver: HTTPServer, path: str, status: int
) -> None:
    """After 307 and 308 the secret would be sent again, to whoever is named (RFC 9110, 15.4.8)."""
    to = {"Location": httpserver.url_for("/thief")}
    small_tenant.fail(
        lambda request: Response("", status, to) if request.path.endswith(path) else None
    )
    with pytest.raises(Unreachable, match="it redirects to another address"):
        check(small_tenant)
    assert httpserver.log == []


@pytest.mark.parametrize("elsewhere", ["https://localhost:{port}", "https://127.0.0.1:1"])
def test_the_secret_goes_to_the_configured_authority_alone(
    small_tenant: SmallTenant, elsewhere: str
) -> None:
    """Not to another host or port that the tenant's configuration names."""
    here = small_tenant.sandbox.graph_url
    there = elsewhere.format(port=here.rpartition(":")[2])
    tenant = f"/{small_tenant.settings.directory.tenant_id}/oauth2/v2.0"
    named = {
        "authorization_endpoint": f"{here}{tenant}",
        "token_endpoint": f"{there}{tenant}/token",
    }
    small_tenant.fail(answered(DISCOVERY, named))
    with pytest.raises(Unreachable, match=f"sends the app to {there}"):
        check(small_tenant)
    assert asked(small_tenant, TOKEN) == 0
