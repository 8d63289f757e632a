"""National clouds: which authority is asked for a token of which Graph; no network is needed.

Microsoft Graph, "National cloud deployments": tokens of one cloud open nothing in another.
"""

import asyncio
from contextlib import nullcontext
from urllib.parse import parse_qs

import pytest
import responses

from config.directory import DirectorySettings
from connectors.entra.auth.app_token import AppToken
from connectors.entra.pacing import Pacing
from connectors.entra.transport import GraphTransport
from connectors.errors import Unreachable
from connectors.http.run_limits import Allowance

TENANT = "11111111-1111-1111-1111-111111111111"

CLOUDS = pytest.mark.parametrize(
    ("cloud", "authority", "graph"),
    [
        ("global", "login.microsoftonline.com", "graph.microsoft.com"),
        ("usgov", "login.microsoftonline.us", "graph.microsoft.us"),
        ("dod", "login.microsoftonline.us", "dod-graph.microsoft.us"),
        ("china", "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"),
    ],
)


def directory(cloud: str, **credential: str) -> DirectorySettings:
    return DirectorySettings.model_validate(
        {"tenant_id": TENANT, "client_id": TENANT, "credential": credential, "cloud": cloud}
    )


def publish(authority: str, named: str) -> responses.BaseResponse:
    """An authority whose configuration names endpoints of that host; what gives the token."""
    endpoint = f"https://{named}/{TENANT}/oauth2/v2.0"
    responses.get(
        f"https://{authority}/{TENANT}/v2.0/.well-known/openid-configuration",
        json={
            "issuer": f"https://{named}/{TENANT}/v2.0",
            "authorization_endpoint": f"{endpoint}/authorize",
            "token_endpoint": f"{endpoint}/token",
        },
    )
    return responses.post(
        f"{endpoint}/token",
        json={"token_type": "Bearer", "expires_in": 3600, "access_token": "a.b.c"},
    )


@CLOUDS
@responses.activate
def test_the_clouds_own_authority_is_asked_for_its_own_graph(
    cloud: str, authority: str, graph: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT_SECRET", "canary")
    token = publish(authority, authority)
    app_token = AppToken(directory(cloud, secret="env:CLIENT_SECRET"))
    assert asyncio.run(app_token.get_authorization_token("")) == "a.b.c"
    (call,) = token.calls
    assert parse_qs(str(call.request.body))["scope"] == [f"https://{graph}/.default"]


@pytest.mark.parametrize(
    ("cloud", "authority", "named", "goes"),
    [
        ("china", "login.chinacloudapi.cn", "login.partner.microsoftonline.cn", True),
        ("china", "login.chinacloudapi.cn", "login.microsoftonline.com", False),
        ("global", "login.microsoftonline.com", "login.partner.microsoftonline.cn", False),
    ],
)
@responses.activate
def test_the_secret_goes_to_the_authority_alone_by_either_of_its_names(
    cloud: str, authority: str, named: str, goes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT_SECRET", "canary")
    token = publish(authority, named)
    app_token = AppToken(directory(cloud, secret="env:CLIENT_SECRET"))
    with nullcontext() if goes else pytest.raises(Unreachable):
        asyncio.run(app_token.get_authorization_token(""))
    assert len(token.calls) == goes


@CLOUDS
@responses.activate
def test_a_managed_identity_is_asked_for_the_clouds_graph(
    cloud: str, authority: str, graph: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    monkeypatch.delenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", raising=False)
    metadata = responses.get(
        "http://169.254.169.254/metadata/identity/oauth2/token",
        match=[
            responses.matchers.query_param_matcher(
                {"resource": f"https://{graph}"}, strict_match=False
            )
        ],
        json={"token_type": "Bearer", "expires_in": "3600", "access_token": "a.b.c"},
    )
    app_token = AppToken(directory(cloud, managed_identity="system"))
    assert asyncio.run(app_token.get_authorization_token("")) == "a.b.c"
    assert metadata.call_count == 1


@CLOUDS
def test_the_clouds_own_graph_is_asked_for_groups(cloud: str, authority: str, graph: str) -> None:
    async def url() -> str:
        settings = directory(cloud, managed_identity="system")
        async with GraphTransport(
            settings, AppToken(settings), Pacing(), Allowance(), 1
        ) as transport:
            request = transport.graph.groups.to_get_request_information()
            return transport.address(request)

    assert asyncio.run(url()).startswith(f"https://{graph}/v1.0/groups")
