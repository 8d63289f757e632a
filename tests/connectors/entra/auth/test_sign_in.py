"""People sign in: in a browser, with what is approved in the token; or with a device code."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from socket import create_connection
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from werkzeug.wrappers import Response

from config.directory import DirectorySettings
from connectors.entra.auth import sign_in
from connectors.entra.auth.id_token import Expected, NotVerified, SignedIn, verified
from connectors.entra.auth.openid_configuration import authority_of
from connectors.entra.auth.sign_in import in_browser, with_device_code
from connectors.errors import CounterpartError, Unauthorized
from support.counterparts.browser import Browser
from support.counterparts.small_tenant import SmallTenant, guid

APPROVER = SignedIn(guid("user1"), "user1@harbour.example")
NONCE = "of-this-plan"


@pytest.fixture
def directory(small_tenant: SmallTenant) -> DirectorySettings:
    found = small_tenant.settings.directory
    assert isinstance(found, DirectorySettings)
    return found


@pytest.fixture
def browser(small_tenant: SmallTenant, monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser(small_tenant.sandbox, APPROVER.object_id)
    monkeypatch.setattr("webbrowser.open", browser.open)
    return browser


def by_browser(directory: DirectorySettings, tell: Callable[[str], None] = str) -> str:
    return in_browser(directory, directory.client_id, authority_of(directory), NONCE, tell)


def by_device_code(directory: DirectorySettings, tell: Callable[[str], None] = str) -> str:
    return with_device_code(directory, directory.client_id, authority_of(directory), tell)


def expected(directory: DirectorySettings, nonce: str | None) -> Expected:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    return Expected(directory.tenant_id, directory.client_id, nonce, now - hour, now + hour)


@pytest.mark.usefixtures("browser")
def test_in_a_browser_with_the_nonce_in_the_token(directory: DirectorySettings) -> None:
    token, authority = by_browser(directory), authority_of(directory)
    assert verified(token, authority, expected(directory, NONCE)) == APPROVER
    with pytest.raises(NotVerified, match="nonce"):
        verified(token, authority, expected(directory, "of-another-plan"))


def test_the_code_is_bound_to_this_program_and_stands_in_no_address(
    directory: DirectorySettings, browser: Browser
) -> None:
    by_browser(directory)
    (address,) = browser.seen
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_mode"] == ["form_post"]
    assert asked["prompt"] == ["select_account"]
    assert asked["scope"] == ["openid profile"]
    assert "code_verifier" not in asked


def test_where_no_browser_opens_the_address_is_told(
    directory: DirectorySettings, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)

    def tell(text: str) -> None:
        if found := re.search(r"https://\S+", text):
            browser.open(found[0])

    assert verified(
        by_browser(directory, tell), authority_of(directory), expected(directory, NONCE)
    )


def test_the_answer_of_another_sign_in_is_not_taken(
    directory: DirectorySettings, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []

    def somebody_else_first(address: str) -> bool:
        (uri,) = parse_qs(urlsplit(address).query)["redirect_uri"]
        forged = {"code": "somebody-elses", "state": "guessed"}
        answers.append(httpx.post(uri, data=forged, trust_env=False).status_code)
        answers.append(httpx.get(uri, params=forged, trust_env=False).status_code)
        return browser.open(address)

    monkeypatch.setattr("webbrowser.open", somebody_else_first)
    assert verified(by_browser(directory), authority_of(directory), expected(directory, NONCE))
    assert answers == [400, 501]


def test_with_a_device_code_which_carries_no_nonce(
    directory: DirectorySettings, browser: Browser
) -> None:
    def tell(text: str) -> None:
        found = re.search(r"(https://\S+) and enter the code (\w+)", text)
        assert found
        browser.visit(f"{found[1].rstrip(',')}?user_code={found[2]}")

    token, authority = by_device_code(directory, tell), authority_of(directory)
    assert verified(token, authority, expected(directory, None)) == APPROVER
    with pytest.raises(NotVerified, match="nonce"):
        verified(token, authority, expected(directory, NONCE))


def test_who_declines_is_believed(
    directory: DirectorySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decline(address: str) -> bool:
        asked = parse_qs(urlsplit(address).query)
        said = {"error": "access_denied", "error_description": "AADSTS65004: User declined."}
        httpx.post(asked["redirect_uri"][0], data={"state": asked["state"][0], **said})
        return True

    monkeypatch.setattr("webbrowser.open", decline)
    with pytest.raises(Unauthorized, match=r"AADSTS65004.*did not let the app know"):
        by_browser(directory)


@pytest.mark.parametrize("length", [b"99999999999", b"-1", b"x", b"\xb2"])
def test_a_form_without_bounds_is_not_read(
    directory: DirectorySettings, browser: Browser, monkeypatch: pytest.MonkeyPatch, length: bytes
) -> None:
    answers: list[bytes] = []

    def endless_first(address: str) -> bool:
        port = urlsplit(parse_qs(urlsplit(address).query)["redirect_uri"][0]).port
        with create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\n")
            answers.append(line.makefile("rb").readline())
        return browser.open(address)

    monkeypatch.setattr("webbrowser.open", endless_first)
    assert by_browser(directory)
    assert answers == [b"HTTP/1.0 400 Bad Request\r\n"]


@pytest.mark.parametrize("way", [by_browser, by_device_code])
def test_whoever_does_not_sign_in_is_not_waited_for_for_ever(
    directory: DirectorySettings,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[DirectorySettings], str],
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    monkeypatch.setattr(sign_in, "SECONDS", 0)
    with pytest.raises(CounterpartError, match="nobody signed in"):
        way(directory)


def refused(error: str, said: str) -> Response:
    body = f'{{"error": "{error}", "error_description": "{said}"}}'
    return Response(body, status=400, mimetype="application/json")


@pytest.mark.usefixtures("browser")
def test_entras_refusal_is_told_in_its_words_and_what_it_means(
    small_tenant: SmallTenant, directory: DirectorySettings
) -> None:
    no = refused("invalid_client", "AADSTS7000218: The request body must contain a secret.")
    small_tenant.fail(lambda request: no if request.path.endswith("/token") else None)
    with pytest.raises(Unauthorized, match=r"AADSTS7000218.*Mobile and desktop"):
        by_browser(directory)
