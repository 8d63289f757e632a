"""A sandbox to try things on: its sets, and its portal's buttons from the command line."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer

from connectors.files.disk import write_whole
from connectors.sandbox.mail_server import Mailbox
from connectors.sandbox.tenant import Tenant
from jobs.cli.main import main
from jobs.demo.sandbox import default_sets
from support.scenarios.company import Company


def at_sandbox(company: Company, *arguments: str) -> Result:
    address = {"SEATSYNC_SANDBOX_PORTAL": company.sandbox.portal_url}
    return CliRunner().invoke(main, ["sandbox", *arguments], env=address)


def portal(company: Company, *arguments: str) -> Result:
    return at_sandbox(company, "portal", *arguments)


def named(*names: str) -> Tenant:
    groups = [{"id": name, "displayName": name} for name in names]
    return Tenant({"users": [], "groups": groups})


def test_sets_have_the_products_that_their_names_tell() -> None:
    names = ("Sales Team", "Sales-Marketing-Team", "NA talent", "ZoomInfo-Admins", "Night Desk")
    assert default_sets(named(*names, "a/b", "Night Desk ")) == [
        {"name": "NA talent", "products": ["Talent"]},
        {"name": "Night Desk", "products": ["Sales"]},
        {"name": "Sales Team", "products": ["Sales"]},
        {"name": "Sales-Marketing-Team", "products": ["Sales", "Marketing"]},
        {"name": "ZoomInfo-Admins", "products": ["Marketing"], "admin": True},
    ]


def test_a_token_is_renewed_as_in_the_guide(company: Company) -> None:
    assert "ok   ZoomInfo:" in company.run("check", "--online").stdout
    made = portal(company, "new-token", "--lifetime", "90 days")
    assert made.exit_code == 0
    refused = company.run("check", "--online")
    assert "T2" in refused.stdout
    assert refused.exit_code == 1
    (company.folder / "scim-token").write_text(made.stdout)
    assert company.run("check", "--online").exit_code == 0
    assert portal(company, "delete-token").stdout == "API token: none\n"
    assert company.run("plan").exit_code == 1


def test_the_switch_is_turned_off_and_on_while_it_is_served(settled: Company) -> None:
    settled.run("plan")
    settled.let_pass("--reason", "rehearsal")
    assert portal(settled, "switch", "off").stdout == "Manage Users through IdP: off\n"
    assert "T5" in settled.run("apply latest").stderr
    assert portal(settled, "switch", "on").stdout == "Manage Users through IdP: on\n"
    assert settled.run("plan").exit_code == 2


def test_a_set_is_created_and_shown(company: Company) -> None:
    created = portal(
        company, "create-set", "Night Desk", "--product", "Sales", "--product", "Talent", "--admin"
    )
    assert created.stdout == 'Set "Night Desk" was created; 0 users have its seats.\n'
    rows: list[dict[str, Any]] = json.loads(portal(company, "show", "--json").stdout)
    assert rows[-1]["products"] == ["Sales", "Talent"]
    assert rows[-1]["admin"] is True
    shown = portal(company, "show").stdout
    assert "Night Desk" in shown
    assert "Seats in use: Sales 0/36" in shown


def test_whatever_may_happen_has_a_command(company: Company) -> None:
    for *arguments, told in (
        ("tenant", "leave", "ada.abel@harbour.example", "Ada Abel left: deleted in Entra ID."),
        ("tenant", "return", "Ada Abel", "Ada Abel is back: restored in Entra ID, in the same"),
        ("tenant", "rename-group", "Sales Team", "Sellers", 'The group "Sales Team" is called'),
        ("vendor", "down", "The vendor is down: it answers every request with 503"),
        ("vendor", "quick", "The vendor is quick again."),
        ("graph", "slow", "Microsoft Graph is slow: it answers every other request with 429"),
        ("portal", "expire-token", "API token: expired"),
    ):
        assert at_sandbox(company, *arguments).stdout.startswith(told)
    missed = at_sandbox(company, "tenant", "leave", "nobody@harbour.example")
    assert (missed.exit_code, "There is no user" in missed.stderr) == (1, True)


def test_what_a_run_tells_can_be_read_in_the_mailbox(company: Company) -> None:
    with Mailbox() as mailbox:
        company.sandbox.page.mails = mailbox.mails
        assert at_sandbox(company, "mail").stdout == "There is no mail yet.\n"
        write_whole(company.folder / "mail-address", mailbox.address.encode())
        company.configure(notifications=[{"to": "file:mail-address"}])
        company.run("run")
        shown = at_sandbox(company, "mail").stdout
    to, subject, blank, *text = shown.splitlines()
    assert to == "To: operators@harbour.example"
    assert subject == "Subject: seatsync, ZoomInfo: a plan waits for review"
    assert blank == ""
    assert text[-1].startswith("If it is right: seatsync approve")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create-set", "Sales Team", "--product", "Sales"), "there is such a set already"),
        (("new-token", "--lifetime", "2 years"), "choose 90 days, 180 days, 1 year"),
    ],
)
def test_what_the_portal_refuses_is_told(
    company: Company, arguments: tuple[str, ...], told: str
) -> None:
    refused = portal(company, *arguments)
    assert refused.exit_code == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_where_no_portal_is_nothing_is_pressed(company: Company, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_json(["something else"])
    for address, told in (
        ("http://127.0.0.1:9", "the connection was refused"),
        (company.sandbox.scim_url, "that is no sandbox's portal"),
        (httpserver.url_for("/"), "that is no sandbox's portal"),
    ):
        missed = portal(company, "switch", "on", "--at", address)
        assert missed.exit_code == 1
        assert told in missed.stderr
