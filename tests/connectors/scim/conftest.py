from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer

from config.vendor import VendorSettings
from connectors.scim.client import Scim
from reconciler.model.capabilities import Capabilities
from support.counterparts.scim_user_server import BY_PATH


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], VendorSettings]:
    """The settings of a vendor at an address; its token is canary-token."""
    monkeypatch.setenv("TOKEN", "canary-token")

    def at(base_url: str) -> VendorSettings:
        return VendorSettings.model_validate(
            {
                "name": "ZoomInfo",
                "base_url": base_url,
                "token": "env:TOKEN",
                "token_issued": "2026-09-01",
                "token_lifetime": "90d",
                "managed_through_idp": True,
                "max_requests_per_second": 1000,
            }
        )

    return at


@pytest.fixture
def vendor(httpserver: HTTPServer, settings: Callable[[str], VendorSettings]) -> Scim:
    """Of a server that is known to change attributes by their paths: nothing is tried out."""
    vendor = settings(httpserver.url_for("/v2"))
    return Scim(vendor, ("userName", "externalId"), can=Capabilities(BY_PATH))
