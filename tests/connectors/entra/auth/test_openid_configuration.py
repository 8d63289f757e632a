"""What the authority publishes is believed of this tenant alone, and asked anew every time."""

import json

import pytest
from werkzeug.wrappers import Response

from config.directory import DirectorySettings
from connectors.entra.auth.openid_configuration import authority_of
from connectors.errors import Unreachable
from support.counterparts.small_tenant import SmallTenant


def test_keys_are_asked_for_every_time(small_tenant: SmallTenant) -> None:
    directory = small_tenant.settings.directory
    assert isinstance(directory, DirectorySettings)
    before = authority_of(directory)
    small_tenant.sandbox.graph.authority.people.change_key()
    assert set(before.keys).isdisjoint(authority_of(directory).keys)


def test_a_key_for_something_else_is_none(small_tenant: SmallTenant) -> None:
    """Entra publishes RSA keys for signatures; RFC 7517 knows others."""
    directory = small_tenant.settings.directory
    assert isinstance(directory, DirectorySettings)
    (sound,) = small_tenant.sandbox.graph.authority.people.key_set()["keys"]
    others = [{"kty": "oct", "k": "c2VjcmV0"}, {"use": "enc"}, {"n": "?"}, {"kty": "EC"}]
    keys = [{**sound, "kid": str(at), **other} for at, other in enumerate(others)]
    told = Response(json.dumps({"keys": [*keys, "odd", None]}))
    small_tenant.fail(lambda request: told if request.path.endswith("/keys") else None)
    assert authority_of(directory).keys == {}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({"issuer": "https://a.example/other/v2.0"}, "not of this tenant", id="tenant"),
        pytest.param({"jwks_uri": "http://a.example/keys"}, "has no endpoints", id="plain HTTP"),
        pytest.param({"jwks_uri": None}, "has no endpoints", id="no keys"),
    ],
)
def test_what_is_published_of_somebody_else_is_not_believed(
    small_tenant: SmallTenant, changed: dict[str, object], why: str
) -> None:
    directory = small_tenant.settings.directory
    assert isinstance(directory, DirectorySettings)
    tenant = f"{small_tenant.sandbox.graph_url}/{directory.tenant_id}"
    sound = {
        "issuer": f"{tenant}/v2.0",
        "jwks_uri": f"{tenant}/discovery/v2.0/keys",
        **dict.fromkeys(("authorization_endpoint", "token_endpoint"), tenant),
        "device_authorization_endpoint": tenant,
    }
    told = Response(json.dumps({**sound, **changed}))
    small_tenant.fail(
        lambda request: told if request.path.endswith("/openid-configuration") else None
    )
    with pytest.raises(Unreachable, match=why):
        authority_of(directory)
