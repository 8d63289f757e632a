"""The portal's page while it is served: its buttons, and who may press them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant

BOUGHT = {"Sales": 2, "Marketing": 1}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sets = [{"name": "Sales Team", "description": "Those who <sell>", "products": ["Sales"]}]
    with Sandbox(Tenant({"users": [], "groups": []}), sets, BOUGHT) as sandbox:
        yield sandbox


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Accept"] = "text/html"
        yield session


def secret(page: requests.Response) -> str:
    (found,) = set(re.findall(r'name="secret" value="([^"]+)"', page.text))
    return found


def press(
    browser: requests.Session, sandbox: Sandbox, button: str, **form: Any
) -> requests.Response:
    """As a browser does: the page's own form, and then where it is led."""
    hidden = secret(browser.get(sandbox.portal_url))
    origin = {"Origin": sandbox.portal_url}
    return browser.post(
        f"{sandbox.portal_url}/{button}", data={**form, "secret": hidden}, headers=origin
    )


def test_the_page_shows_what_the_guide_shows(sandbox: Sandbox, browser: requests.Session) -> None:
    page = browser.get(sandbox.portal_url)
    assert page.status_code == 200
    for told in (sandbox.token, sandbox.scim_url, "Sales Team", "UnSynced", "90 days"):
        assert told in page.text
    assert "Those who &lt;sell&gt;" in page.text
    assert "<script" not in page.text
    assert "Manage Users through IdP: off" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"


def test_a_new_token_and_a_deleted_one(sandbox: Sandbox, browser: requests.Session) -> None:
    page = press(browser, sandbox, "new-token", lifetime="1 year")
    assert page.request.method == "GET"  # to load it again presses nothing
    assert not sandbox.portal.accepts(sandbox.token)
    assert sandbox.portal.token in page.text
    assert "nobody connects" in press(browser, sandbox, "delete-token").text
    assert sandbox.portal.token == ""


def test_the_switch(sandbox: Sandbox, browser: requests.Session) -> None:
    for to in ("on", "off"):
        assert f"Manage Users through IdP: {to}" in press(browser, sandbox, "switch", to=to).text
        assert sandbox.portal.managed_through_idp is (to == "on")
    assert press(browser, sandbox, "switch", to="aside").status_code == 400


def test_a_set_is_created(sandbox: Sandbox, browser: requests.Session) -> None:
    form = {"name": "Both", "description": "All", "product": ["Sales", "Marketing"], "admin": "on"}
    assert "Sales, Marketing (Admin role)" in press(browser, sandbox, "create-set", **form).text
    made = sandbox.portal.sets["Both"]
    assert (made.description, made.products, made.admin) == ("All", ("Sales", "Marketing"), True)


@pytest.mark.parametrize(
    ("button", "form", "told"),
    [
        ("create-set", {"name": "a<b", "product": "Sales"}, "it has &#34;&lt;&#34; at 2"),
        ("create-set", {"name": "Night Shift"}, "select one or more products"),
        ("new-token", {"lifetime": "2 years"}, "choose 90 days, 180 days, 1 year"),
        ("new-token", {}, "API Token will expire in"),
    ],
)
def test_a_refusal_is_shown_and_nothing_is_changed(
    sandbox: Sandbox, browser: requests.Session, button: str, form: dict[str, str], told: str
) -> None:
    page = press(browser, sandbox, button, **form)
    assert page.status_code == 400
    assert told in page.text
    assert sandbox.portal.accepts(sandbox.token)
    assert list(sandbox.portal.sets) == ["Sales Team"]


def test_a_button_counts_only_on_the_portals_own_page(
    sandbox: Sandbox, browser: requests.Session
) -> None:
    """Another site's page may send a form here; it cannot read the secret, nor hide its origin."""
    url, hidden = f"{sandbox.portal_url}/delete-token", secret(browser.get(sandbox.portal_url))
    for form, headers in (
        ({}, {}),
        ({"secret": "guessed"}, {"Origin": sandbox.portal_url}),
        ({"secret": "nä"}, {}),
        ({"secret": hidden}, {"Origin": "https://elsewhere.example"}),
        ({"secret": hidden}, {"Origin": "null"}),
    ):
        assert browser.post(url, data=form, headers=headers).status_code == 403
    assert browser.get(url).status_code == 404
    assert sandbox.portal.accepts(sandbox.token)


def test_a_name_that_somebody_elses_dns_leads_here_is_not_answered(
    sandbox: Sandbox, browser: requests.Session
) -> None:
    page = browser.get(sandbox.portal_url, headers={"Host": "rebound.example"})
    assert page.status_code == 400
    assert sandbox.token not in page.text
