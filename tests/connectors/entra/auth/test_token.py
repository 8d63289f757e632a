"""Signing in: one token for all requests, and what is told when there is none."""

import json
from typing import Any

import pytest
from office import Fault, Office
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Response

from config.settings import Directory
from connectors.entra.client import Entra
from connectors.errors import CounterpartError, Unauthorized, Unreachable

TOKEN, DISCOVERY = "/token", "/openid-configuration"


def check(office: Office, **endpoints: Any) -> None:
    """With some of the cloud's endpoints replaced."""
    directory: Directory = office.settings.directory
    cloud = directory.endpoints.model_copy(update=endpoints)
    Entra(directory.model_copy(update={"cloud": cloud})).check(office.settings.subscription_sets)


def answered(path: str, content: object, status: int = 200) -> Fault:
    body = content if isinstance(content, str) else json.dumps(content)
    return lambda request: Response(body, status=status) if request.path.endswith(path) else None


def asked(office: Office, path: str) -> int:
    return sum(at.endswith(path) for _, at in office.sandbox.graph_ledger.requests)


def test_many_requests_need_one_token(office: Office) -> None:
    first, *_ = office.settings.subscription_sets
    sets = [first.model_copy(update={"name": f"Team {at}"}) for at in range(60)]
    Entra(office.settings.directory).read_sets(sets, (), lambda _: None)
    assert asked(office, TOKEN) == 1


def test_a_wrong_secret_is_told_in_entras_words(office: Office) -> None:
    settings = office.settings
    (office.folder / "client-secret").write_text("wrong-canary")
    with pytest.raises(Unauthorized, match="AADSTS7000215") as caught:
        Entra(settings.directory).check(settings.subscription_sets)
    assert "wrong-canary" not in str(caught.value)


def test_a_secret_that_is_not_there_is_told(office: Office) -> None:
    settings = office.settings
    (office.folder / "client-secret").unlink()
    with pytest.raises(Unauthorized, match="client-secret"):
        Entra(settings.directory).check(settings.subscription_sets)


def test_what_entra_says_is_one_line_that_no_terminal_obeys(office: Office) -> None:
    expired = "AADSTS7000222: The secret keys\x1b[31m are expired.\r\nTrace ID: 1"
    office.fail(answered(TOKEN, {"error": "invalid_client", "error_description": expired}, 401))
    with pytest.raises(Unauthorized) as caught:
        check(office)
    said, _, advice = caught.value.why.partition(" The client secret has expired.")
    assert said == "401 AADSTS7000222: The secret keys[31m are expired."
    assert "Create a new one" in advice


def test_an_answer_without_token_is_not_repeated_whole(office: Office) -> None:
    office.fail(answered(TOKEN, {"error": "odd", "refresh_token": "canary"}, 400))
    with pytest.raises(Unauthorized, match="401 odd") as caught:
        check(office)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 404])
def test_a_tenant_that_does_not_exist_is_told(office: Office, status: int) -> None:
    office.fail(answered(DISCOVERY, {"error": "invalid_tenant"}, status))
    with pytest.raises(Unauthorized, match=office.settings.directory.tenant_id):
        check(office)


def test_a_configuration_without_endpoints_is_none(office: Office) -> None:
    office.fail(answered(DISCOVERY, {"value": None}))
    with pytest.raises(Unreachable, match="tells no endpoints"):
        check(office)


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
    office: Office, path: str, content: str, status: int, why: str
) -> None:
    office.fail(answered(path, content, status))
    with pytest.raises(Unreachable, match=why):
        check(office)


def test_a_passing_fault_is_tried_again(office: Office) -> None:
    faults = iter([Response("", status=503), Response("", status=500)])
    office.fail(lambda request: next(faults, None) if request.path.endswith(TOKEN) else None)
    check(office)
    assert asked(office, TOKEN) == 3


def refusing(times: int, code: int) -> Fault:
    body = {"error": "server_error", "error_description": f"AADSTS{code}: Try again."}
    faults = iter([Response(json.dumps(body), status=400) for _ in range(times)])
    return lambda request: next(faults, None) if request.path.endswith(TOKEN) else None


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.entra.auth.token.PAUSES", (0, 0, 0))


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("code", [90033, 90024, 50033])
def test_a_passing_fault_that_is_told_as_a_refusal_is_tried_again(
    office: Office, code: int
) -> None:
    office.fail(refusing(3, code))
    check(office)
    assert asked(office, TOKEN) == 4


@pytest.mark.usefixtures("hasty")
def test_a_passing_fault_that_does_not_pass_is_no_wrong_secret(office: Office) -> None:
    office.fail(refusing(99, 90033))
    with pytest.raises(Unreachable, match="AADSTS90033: Try again"):
        check(office)
    assert asked(office, TOKEN) == 4


def test_a_refusal_is_not_tried_again(office: Office) -> None:
    office.fail(refusing(1, 7000222))
    with pytest.raises(Unauthorized):
        check(office)
    assert asked(office, TOKEN) == 1


def test_a_token_that_tells_no_permissions_is_told(office: Office) -> None:
    opaque = {"token_type": "Bearer", "expires_in": 3600, "access_token": "opaque"}
    office.fail(answered(TOKEN, opaque))
    with pytest.raises(Unreachable, match="permissions"):
        check(office)


@pytest.mark.parametrize("endpoint", ["authority", "graph"])
@pytest.mark.parametrize("address", ["https://nowhere.invalid", "https://127.0.0.1:1"])
def test_a_host_that_is_not_there_is_told(office: Office, endpoint: str, address: str) -> None:
    with pytest.raises(Unreachable):
        check(office, **{endpoint: address})


def test_a_certificate_that_nobody_signed_is_refused(office: Office) -> None:
    with pytest.raises(CounterpartError, match="certificate is not trusted"):
        check(office, ca_file=None)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("path", [TOKEN, DISCOVERY])
def test_a_redirect_is_not_followed(
    office: Office, httpserver: HTTPServer, path: str, status: int
) -> None:
    """After 307 and 308 the secret would be sent again, to whoever is named (RFC 9110, 15.4.8)."""
    to = {"Location": httpserver.url_for("/thief")}
    office.fail(lambda request: Response("", status, to) if request.path.endswith(path) else None)
    with pytest.raises(Unreachable, match="it redirects to another address"):
        check(office)
    assert httpserver.log == []


@pytest.mark.parametrize("elsewhere", ["https://localhost:{port}", "https://127.0.0.1:1"])
def test_the_secret_goes_to_the_configured_authority_alone(office: Office, elsewhere: str) -> None:
    """Not to another host or port that the tenant's configuration names."""
    here = office.sandbox.graph_url
    there = elsewhere.format(port=here.rpartition(":")[2])
    tenant = f"/{office.settings.directory.tenant_id}/oauth2/v2.0"
    named = {
        "authorization_endpoint": f"{here}{tenant}",
        "token_endpoint": f"{there}{tenant}/token",
    }
    office.fail(answered(DISCOVERY, named))
    with pytest.raises(Unreachable, match=f"sends the app to {there}"):
        check(office)
    assert asked(office, TOKEN) == 0
