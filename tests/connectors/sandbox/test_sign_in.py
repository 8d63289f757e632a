"""The sandbox signs people in as Entra ID does, and refuses what Entra ID would refuse."""

import base64
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
import requests

from connectors.sandbox.server import CLIENT_ID, TENANT_ID, Sandbox
from connectors.sandbox.tenant import Tenant

VERIFIER, BACK = "v" * 43, "http://localhost:49152"
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": CLIENT_ID,
    "response_type": "code",
    "response_mode": "form_post",
    "redirect_uri": BACK,
    "scope": "openid profile",
    "state": '"><script>',
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "login": "u1",
}


class Client:
    """An app, and a browser in one."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._root = f"{sandbox.graph_url}/{TENANT_ID}"
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.verify = str(sandbox.ca_file)

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self._http.get(f"{self._root}/{path}", params=parameters)

    def post(self, path: str, **form: str) -> Any:
        return self._http.post(f"{self._root}/{path}", data=form).json()

    def code(self) -> str:
        page = self.get("oauth2/v2.0/authorize", **ASKED).text
        (code,) = re.findall(r'name="code" value="([^"]+)"', page)
        return str(code)

    def redeem(self, code: str, **other: str) -> Any:
        sound = {"code_verifier": VERIFIER, "redirect_uri": BACK, "client_id": CLIENT_ID}
        form = {"grant_type": "authorization_code", "code": code, **sound, **other}
        return self.post("oauth2/v2.0/token", **form)


@pytest.fixture
def client() -> Iterator[Client]:
    user = {"id": "u1", "userPrincipalName": "ana@x.example"}
    with Sandbox(Tenant({"users": [user], "groups": []}), [], {}) as sandbox:
        yield Client(sandbox)


def test_a_code_is_worth_a_token_once(client: Client) -> None:
    code = client.code()
    assert client.redeem(code)["id_token"].count(".") == 2
    assert client.redeem(code)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "other",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:1"},
        {"client_id": TENANT_ID},
    ],
)
def test_a_code_is_worth_nothing_to_another_app(client: Client, other: dict[str, str]) -> None:
    assert client.redeem(client.code(), **other)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"client_id": TENANT_ID}, "AADSTS700016"),
        ({"redirect_uri": "https://elsewhere.example"}, "AADSTS50011"),
        ({"redirect_uri": "http://localhost.elsewhere.example"}, "AADSTS50011"),
        ({"response_mode": "query"}, "AADSTS90014"),
        ({"scope": "profile"}, "AADSTS90014"),
        ({"code_challenge_method": "plain"}, "AADSTS9002325"),
        ({"code_challenge": ""}, "AADSTS9002325"),
    ],
)
def test_a_request_that_is_not_the_apps_goes_no_further(
    client: Client, other: dict[str, str], said: str
) -> None:
    page = client.get("oauth2/v2.0/authorize", **{**ASKED, **other})
    assert page.status_code == 400
    assert said in page.text


def test_whoever_opens_the_page_chooses_who_they_are(client: Client) -> None:
    page = client.get("oauth2/v2.0/authorize", **{**ASKED, "login": ""})
    assert "ana@x.example" in page.text
    assert "<script>" not in page.text


def test_a_device_code_waits_until_somebody_has_entered_it(client: Client) -> None:
    begun = client.post("oauth2/v2.0/devicecode", client_id=CLIENT_ID, scope="openid")
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": begun["device_code"],
        "client_id": CLIENT_ID,
    }
    assert client.post("oauth2/v2.0/token", **grant)["error"] == "authorization_pending"
    client.get("deviceauth", user_code=begun["user_code"].lower(), login="u1")
    assert client.post("oauth2/v2.0/token", **grant)["id_token"]
    assert client.post("oauth2/v2.0/token", **grant)["error"] == "invalid_grant"
