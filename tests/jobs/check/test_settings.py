"""`seatsync check --online` as a newcomer meets it: what is wrong, and what to do about it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from config.load import load
from connectors.sandbox.server import CLIENT_SECRET
from connectors.scim.client import Scim
from connectors.store.database import open_database
from jobs.cli.main import main
from jobs.context import utc_now
from jobs.output.printable import shown
from support.alone import alone
from support.counterparts.app_credentials import Identity, private
from support.counterparts.azure_imds import IMDS, in_azure, metadata_service
from support.scenarios.company import Company

GUIDES_ROWS = {"userName": "userPrincipalName", "externalId": "objectId"}

NEEDED = ("GroupMember.Read.All", "User.Read.All")
ALL = (*NEEDED, "Application.Read.All")


def check(company: Company, exit_code: int = 1) -> str:
    result = company.run("check", "--online")
    assert result.exit_code == exit_code, result.output
    assert CLIENT_SECRET not in result.output
    assert "Traceback" not in result.output
    return result.stdout


def connect(company: Company, **directory: Any) -> None:
    """With some keys of the section `directory` replaced."""
    company.configure(directory={**company.sandbox.directory, **directory})


def group(company: Company, name: str) -> dict[str, Any]:
    groups = company.sandbox.tenant.groups.values()
    return next(group for group in groups if group["displayName"] == name)


def test_a_template_that_was_not_filled_in_is_not_called_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SEATSYNC_CLIENT_SECRET", "SEATSYNC_SCIM_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    path = str(tmp_path / "seatsync.yaml")
    assert CliRunner().invoke(main, ["init", path]).exit_code == 0
    told = CliRunner().invoke(main, ["check", "--config", path])
    assert told.exit_code == 1
    for place in ("directory.tenant_id", "directory.client_id", "vendor.base_url"):
        assert f"FAIL configuration: {place} is the template's." in told.stdout
    for name in ("SEATSYNC_CLIENT_SECRET", "SEATSYNC_SCIM_TOKEN"):
        assert f"warn secret: env:{name} is not set or empty; a run needs it" in told.stdout


def test_a_count_of_seats_that_is_no_number_is_not_called_one(company: Company) -> None:
    (company.folder / "seats.csv").write_text("product,purchased\nSales,fifty\nMarketing,5\n")
    company.configure(seats={"file": "seats.csv"})
    told = company.run("check")
    assert told.exit_code == 1
    assert "ok   seats: 1 product has a count" in told.stdout
    assert 'FAIL seats: S6 Sales: "fifty" is not a number' in told.stdout


def test_a_tenant_in_order_is_told_in_a_few_lines(company: Company) -> None:
    connect(company, enterprise_app="ZoomInfo")
    company.sandbox.tenant.service_principals = [
        {"id": "1", "displayName": "ZoomInfo", "preferredSingleSignOnMode": "saml"}
    ]
    told = check(company, 0)
    assert "ok   Entra ID: the credential is accepted" in told
    assert "ok   permission GroupMember.Read.All: granted" in told
    assert "ok   permission User.Read.All: granted" in told
    assert "ok   credential: the client secret expires in " in told
    assert "ok   groups: every set has exactly one group of its name" in told
    assert 'ok   single sign-on of "ZoomInfo": saml' in told
    assert " users were read with their attributes" in told
    assert "ok   ZoomInfo: 0 users were read over SCIM, all that it has, and 0 holdings of" in told
    assert "; it claims bulk, " in told
    assert "FAIL" not in told
    assert "warn" not in told
    assert told.endswith(f"\nNext: seatsync plan --config {company.config}\n")


def test_a_mapping_that_is_not_the_guides_is_told_row_by_row(company: Company) -> None:
    active = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
    rows = {"userName": "mail", "active": active, "externalId": "objectId"}
    company.configure(attribute_mapping=rows)
    told = company.run("check")
    assert told.exit_code == 0
    assert told.stdout.count("warn mapping: the guide's row ") == 3
    assert "warn mapping: userName is not userPrincipalName, as in the guide: " in told.stdout


def test_an_inverted_active_makes_no_plan(company: Company) -> None:
    """With it every account in use was made inactive."""
    active = 'Switch([IsSoftDeleted], , "False", "False", "True", "True")'
    company.configure(attribute_mapping={**GUIDES_ROWS, "active": active})
    for command in ("check", "plan", "run"):
        told = company.run(command)
        assert told.exit_code == 78
        assert 'where IsSoftDeleted is "True" this gives "True"' in told.stderr
    assert company.writes == 0


# The credential


def test_a_wrong_secret(company: Company) -> None:
    (company.folder / "client-secret").write_text("wrong-canary")
    told = check(company)
    assert "FAIL Entra ID: signing in to Entra ID: 401 AADSTS7000215" in told
    assert "The client secret is wrong. Store the secret's Value" in told
    assert "not its Secret ID" in told
    assert "wrong-canary" not in told
    assert "permission" not in told
    assert "ok   ZoomInfo: 0 users" in told
    assert "\n1 thing is to be put right. Then again: seatsync check --online" in told


def test_an_expired_secret(company: Company) -> None:
    company.sandbox.app.secret_expires = datetime.now(UTC) - timedelta(days=1)
    told = check(company)
    assert "AADSTS7000222" in told
    assert "The client secret has expired. Create a new one under App registrations" in told


def test_an_expired_certificate(company: Company) -> None:
    expired = Identity(days=-1)
    company.sandbox.app.certificates.append(expired.certificate)
    private(company.folder / "app.pem", expired.pem())
    connect(company, credential={"certificate": "app.pem"})
    assert "The certificate has expired. Upload the public part of a new one" in check(company)


def test_a_secret_file_that_is_not_there(company: Company) -> None:
    (company.folder / "client-secret").unlink()
    assert f"file:{company.folder}/client-secret cannot be read: No such file" in check(company)


def test_an_app_that_is_not_there(company: Company) -> None:
    connect(company, client_id="11111111-1111-1111-1111-111111111111")
    assert "The tenant has no app of this id. Compare `client_id`" in check(company)


def test_a_tenant_that_is_not_there(company: Company) -> None:
    connect(company, tenant_id="11111111-1111-1111-1111-111111111111")
    told = check(company)
    assert "no tenant 11111111-1111-1111-1111-111111111111 at https://127.0.0.1" in told
    assert "Compare `tenant_id` with Entra admin center > Overview" in told


@pytest.mark.parametrize(("days", "mark"), [(12, "warn"), (60, "ok  ")])
def test_a_secret_that_expires_soon_is_a_warning(company: Company, days: int, mark: str) -> None:
    end = datetime.now(UTC) + timedelta(days=days)
    company.sandbox.app.secret_expires = end
    told = check(company, 0)
    assert f"the client secret expires in {days} days, on {end:%Y-%m-%d}" in told
    assert f"{mark} credential: " in told
    assert ("T6" in told) is (mark == "warn")


def test_a_certificate_that_expires_soon_is_a_warning(company: Company) -> None:
    identity = Identity(days=12)
    company.sandbox.app.certificates.append(identity.certificate)
    private(company.folder / "app.pfx", identity.pfx())
    connect(company, credential={"certificate": "app.pfx"})
    told = check(company, 0)
    assert "warn credential: T6 the certificate expires in 12 days" in told
    assert "Create another one under App registrations > your app" in told


def test_a_day_of_expiry_that_cannot_be_read(company: Company) -> None:
    company.sandbox.graph.roles = NEEDED
    told = check(company, 0)
    assert (
        "?    credential: when the client secret expires cannot be read "
        "(that takes the permission Application.Read.All); note the day yourself"
    ) in told


def test_a_credential_that_the_platform_renews(company: Company) -> None:
    identity = Identity()
    company.sandbox.app.federated.append(identity.federated)
    (company.folder / "token").write_text(identity.token())
    connect(company, credential={"federated_token_file": "token"})
    assert "ok   credential: the platform renews it" in check(company, 0)


# Permissions


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_permission(company: Company, missing: str) -> None:
    company.sandbox.graph.roles = tuple(role for role in ALL if role != missing)
    told = check(company)
    assert f"FAIL permission {missing}: missing, so " in told
    assert f"Add {missing} under App registrations > your app > API permissions" in told
    assert "Microsoft Graph > Application permissions, then choose Grant admin consent." in told
    (other,) = (role for role in NEEDED if role != missing)
    assert f"ok   permission {other}: granted" in told


def test_a_missing_permission_of_a_managed_identity(
    company: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal has no page to grant it."""
    machine = in_azure(httpserver, monkeypatch)
    machine.expect_request(IMDS).respond_with_handler(metadata_service(company.sandbox))
    connect(company, credential={"managed_identity": "system"})
    assert "ok   credential: the platform renews it" in check(company, 0)
    company.sandbox.graph.roles = ("GroupMember.Read.All",)
    told = check(company)
    assert "FAIL permission User.Read.All: missing" in told
    assert "Assign the app role User.Read.All of Microsoft Graph to the managed identity" in told
    assert "App registrations" not in told


def test_no_permission_at_all(company: Company) -> None:
    company.sandbox.graph.roles = ()
    told = check(company)
    assert told.count("FAIL permission") == 2
    assert "groups:" not in told


def test_a_permission_too_many(company: Company) -> None:
    company.sandbox.graph.roles = (*ALL, "Mail.Send", "Member.Read.Hidden")
    told = check(company, 0)
    assert "warn permission Mail.Send: not needed; take it away" in told
    assert "warn permission Member.Read.Hidden: not needed" in told
    assert "Application.Read.All: not needed" not in told


# Groups


def test_a_group_that_is_not_there(company: Company) -> None:
    group(company, "Talent Team")["displayName"] = "Recruiting"
    told = check(company)
    assert 'FAIL G1 There is no Entra group "Talent Team".' in told
    assert (
        "Create the group, correct the set's name, or take the set out of the configuration."
        in told
    )


@pytest.mark.parametrize(
    ("named", "position", "ours", "theirs"),
    [
        ("Talent-Team", 7, '" "', '"-"'),
        ("Talent team", 8, '"T"', '"t"'),
        ("Talent Team ", 12, "nothing", '" "'),
        ("Talent\u00a0Team", 7, '" "', "U+00A0 no-break space"),
        (" Talent Team", 1, '"T"', '" "'),
        ("Talent  Team", 8, '"T"', '" "'),
        ("Talent\u2013Team", 7, '" "', '"\u2013" (U+2013 en dash)'),
        ("Talent\u2011Team", 7, '" "', '"\u2011" (U+2011 non-breaking hyphen)'),
        ("Tal\u200bent Team", 4, '"e"', "U+200B zero width space"),
        ("Tal\u00adent Team", 4, '"e"', "U+00AD soft hyphen"),
        ("\u0422alent Team", 1, '"T"', '"\u0422" (U+0422 cyrillic capital letter te)'),
        ("Talent Te\u03b1m", 10, '"a"', '"\u03b1" (U+03B1 greek small letter alpha)'),
        ("Talent/Team", 7, '" "', '"/"'),
        ("Talent+Team", 7, '" "', '"+"'),
    ],
)
def test_a_near_miss(company: Company, named: str, position: int, ours: str, theirs: str) -> None:
    group(company, "Talent Team")["displayName"] = named
    told = check(company)
    assert shown(f'G2 Set "Talent Team" is not group "{named}": ') in told
    assert f"they differ at character {position}, {theirs} there and {ours} here." in told


def test_two_groups_of_one_name(company: Company) -> None:
    twin = {**group(company, "Talent Team"), "id": "99999999-9999-9999-9999-999999999999"}
    first = group(company, "Talent Team")["id"]
    company.sandbox.tenant.groups[twin["id"]] = twin
    told = check(company)
    assert 'FAIL G3 Several groups are named "Talent Team"' in told
    assert first in told
    assert twin["id"] in told
    assert "Pin the right one with `group_id`" in told


def test_a_group_that_hides_its_members(company: Company) -> None:
    group(company, "Talent Team")["visibility"] = "HiddenMembership"
    told = check(company)
    assert 'FAIL R5 Group "Talent Team" hides its members' in told
    assert "FAIL permission Member.Read.Hidden: missing, so members of groups that hide" in told
    assert "Add Member.Read.Hidden under App registrations" in told
    company.sandbox.graph.roles = (*ALL, "Member.Read.Hidden")
    told = check(company, 0)
    assert "ok   permission Member.Read.Hidden: granted" in told
    assert "not needed" not in told


# Single sign-on


def test_single_sign_on_that_is_not_set_up(company: Company) -> None:
    connect(company, enterprise_app="ZoomInfo")
    company.sandbox.tenant.service_principals = [
        {"id": "1", "displayName": "ZoomInfo", "preferredSingleSignOnMode": None}
    ]
    told = check(company)
    assert 'FAIL single sign-on of "ZoomInfo" is not set up, and the vendor requires it.' in told
    assert "Enterprise applications > ZoomInfo > Single sign-on" in told


def test_without_the_applications_name_it_is_said_that_nothing_was_checked(
    company: Company,
) -> None:
    told = check(company, 0)
    assert "?    single sign-on: not checked. With the name of the vendor's enterprise app" in told


def test_an_enterprise_application_that_is_not_there(company: Company) -> None:
    connect(company, enterprise_app="Zoominfo Inc")
    told = check(company)
    assert 'FAIL single sign-on: there is no enterprise application "Zoominfo Inc".' in told
    assert "Correct `directory.enterprise_app`" in told


def test_single_sign_on_that_cannot_be_seen(company: Company) -> None:
    connect(company, enterprise_app="ZoomInfo")
    company.sandbox.graph.roles = NEEDED
    told = check(company, 0)
    assert "not readable without Application.Read.All. Add Application.Read.All under" in told


# The vendor


def test_t5_a_switch_that_is_configured_as_off_is_told_before_every_plan_is_blocked(
    company: Company,
) -> None:
    vendor(company, managed_through_idp=False)
    told = company.run("check")
    assert told.exit_code == 0
    (line,) = (line for line in told.stdout.splitlines() if "T5" in line)
    assert line.startswith('warn switch: T5 "Manage Users through IdP" is off in the vendor\'s')
    assert "Look in the Admin Portal" in line
    assert "then set `vendor.managed_through_idp: true`." in line
    assert company.run("plan").exit_code == 3


def vendor(company: Company, **changed: Any) -> None:
    """With some keys of the section `vendor` replaced."""
    section = YAML(typ="safe").load(company.config)["vendor"]
    company.configure(vendor={**section, **changed})


def test_t2_a_token_that_the_vendor_refuses_is_not_called_valid(company: Company) -> None:
    company.sandbox.portal.generate_token("90d")
    told = check(company)
    assert "FAIL ZoomInfo: T2 The vendor refused the API token (" in told
    assert "401" in told
    assert "Generate a new token in the Admin Portal and give it to `seatsync token set`" in told
    assert "ok   token: by its dates, it expires on " in told
    assert "valid" not in told.replace("invalid", "")
    assert "ok   Entra ID: the credential is accepted" in told


def test_t2_a_token_that_cannot_be_read(company: Company) -> None:
    (company.folder / "scim-token").unlink()
    told = check(company)
    assert f"T2 The vendor's API token cannot be used: file:{company.folder}/scim-token" in told
    assert "refused" not in told


def test_a_vendor_without_groups_is_pointed_to_its_membership(
    company: Company, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v2/Users").respond_with_json({"Resources": [], "totalResults": 0})
    httpserver.expect_request("/v2/Groups").respond_with_data("", status=404)
    vendor(company, base_url=httpserver.url_for("/v2"))
    assert "where a vendor has no groups, `vendor.membership` says which" in check(company)
    assert "`vendor.membership` says which" in company.run("plan").stderr


# What only reading shows


def unreadable_group(company: Company) -> None:
    answer, talent = company.sandbox.graph.answer, group(company, "Talent Team")["id"]

    def refused(request: Request) -> Response:
        unread = request.path == f"/v1.0/groups/{talent}/members"
        return Response("{}", status=403) if unread else answer(request)

    company.sandbox.graph.answer = refused  # type: ignore[method-assign]


def member_of_two(company: Company) -> None:
    group(company, "Talent Team")["members"].append(group(company, "Sales Team")["members"][0])


def group_in_a_group(company: Company) -> None:
    group(company, "Talent Team")["memberGroups"] = [group(company, "Sales Team")["id"]]


def same_name_twice(company: Company) -> None:
    with Scim(load(company.config).vendor, ()) as client:
        client.create_set_group("Talent Team")
        client.create_set_group("Talent Team")


def no_folder_for_the_store(company: Company) -> None:
    company.configure(store="sqlite:///nowhere/seatsync.db")


def no_database(company: Company) -> None:
    (company.folder / "seatsync.db").write_text("minutes of the meeting")
    (company.folder / "seatsync.db").chmod(0o600)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (unreadable_group, 'FAIL R2 Group "Talent Team" was read incompletely ('),
        (member_of_two, "warn users: 1 user is in the groups of several sets (U1), and stay"),
        (group_in_a_group, 'warn U15 Groups within "Talent Team": 1.'),
        (same_name_twice, "warn G12 "),
        (no_folder_for_the_store, "FAIL store: "),
        (no_database, "FAIL store: R14 The store cannot be used: "),
    ],
)
def test_what_would_hold_a_plan_up_is_told_before(
    company: Company, wrong: Callable[[Company], None], line: str
) -> None:
    wrong(company)
    told = check(company, int(line.startswith("FAIL")))
    assert f"\n{line}" in told
    assert "groups: every set" not in told or not line.startswith(("FAIL R2", "FAIL G"))


def test_r11_a_wrong_clock(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    then = format_datetime(datetime.now(UTC) - timedelta(minutes=37), usegmt=True)
    monkeypatch.setattr(WSGIRequestHandler, "date_time_string", lambda *_: then)
    assert "FAIL clock: R11 " in check(company)


def test_a_list_of_users_that_ends_too_early_is_not_called_read(
    company: Company, httpserver: HTTPServer
) -> None:
    """The first contact looks right: it was called ok."""
    empty = {"Resources": [], "totalResults": 3}
    httpserver.expect_request("/v2/Users").respond_with_json(empty)
    httpserver.expect_request("/v2/Groups").respond_with_json({**empty, "totalResults": 0})
    vendor(company, base_url=httpserver.url_for("/v2"))
    assert "FAIL ZoomInfo: R3 " in check(company)


def test_all_that_is_wrong_is_told_in_one_go(company: Company) -> None:
    group(company, "Talent Team")["displayName"] = "Recruiting"
    company.sandbox.graph.roles = ("GroupMember.Read.All",)
    company.sandbox.portal.generate_token("90d")
    company.configure(seats={"Sales": 50, "Marketing": "many", "Talent": 5})
    no_database(company)
    told = check(company)
    for line in (
        "FAIL seats: S6 Marketing",
        "FAIL permission User.Read.All: missing",
        'FAIL G1 There is no Entra group "Talent Team"',
        "FAIL users: Entra ID tells nothing but the id of ",
        "FAIL ZoomInfo: T2 ",
        "FAIL store: R14 ",
    ):
        assert line in told
    assert "6 things are to be put right. Then again: seatsync check --online" in told
    assert str(company.config) in told.splitlines()[-1]


# What needs no network


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Sales\tTeam", "U+0009"),
        ("Sales\u00a0Team", "U+00A0 no-break space"),
        ("Sales\u2003Team", "U+2003 em space"),
        (" Sales Team", "it begins or ends with a space"),
        ("Sales Team ", "it begins or ends with a space"),
    ],
)
def test_g5_a_name_that_the_portal_would_not_take_needs_no_network(
    company: Company, name: str, why: str
) -> None:
    company.configure(subscription_sets=[{"name": name, "products": ["Sales"]}])
    told = company.run("check")
    assert told.exit_code == 1
    (line,) = (line for line in told.stdout.splitlines() if line.startswith("FAIL"))
    assert 'FAIL G5 Set "' in line
    assert why in line
    assert check(company).count("G5") == 1


@pytest.mark.parametrize(("days", "exit_code"), [(-3, 0), (1, 0), (2, 1)])
def test_a_token_cannot_have_been_issued_in_the_future(
    company: Company, days: int, exit_code: int
) -> None:
    """Tomorrow's date it may have where it is tomorrow already."""
    issued = datetime.now(UTC).date() + timedelta(days=days)
    vendor(company, token_issued=issued)
    told = company.run("check")
    assert told.exit_code == exit_code
    assert (f"FAIL token: `vendor.token_issued` is {issued}, which is to come" in told.stdout) is (
        exit_code == 1
    )


def test_the_portals_own_words_for_the_lifetime_are_understood(company: Company) -> None:
    for words in ("90 days", "180 days", "1 year"):
        vendor(company, token_lifetime=words)
        assert company.run("check").exit_code == 0


def test_the_same_for_programs(company: Company) -> None:
    company.sandbox.graph.roles = ("GroupMember.Read.All", "Mail.Send")
    rows = company.json("check", "--online")
    judged = {row["text"].split(":")[0]: (row["passed"], row["severity"]) for row in rows}
    assert judged["permission GroupMember.Read.All"] == (True, "I")
    assert judged["permission Mail.Send"] == (True, "W")
    assert judged["permission User.Read.All"] == (False, "E")


def seen(company: Company, **learned: bool) -> None:
    """An earlier run has seen this of the vendor's server."""
    settings = load(company.config)
    store = open_database(settings.store)
    alone(store).capabilities.save(settings.vendor.base_url, learned, utc_now())
    store.close()


def test_what_earlier_runs_saw_of_the_server_is_told(company: Company) -> None:
    connect(company)
    assert "earlier runs" not in check(company, 0)
    assert not (company.folder / "seatsync.db").exists()
    seen(company, **{"patch": False, "blanks:name.givenName": True, "fixed:userName": True})
    told = check(company, 0)
    assert "it is changed by PUT" in told
    assert "it keeps name.givenName without superfluous blanks" in told
    assert "it keeps userName as it is" in told


def test_a_server_at_which_nothing_can_be_changed_will_not_do(company: Company) -> None:
    connect(company)
    seen(company, **{"patch or put": False})
    assert "FAIL ZoomInfo: its server knows neither PATCH nor PUT" in check(company)


def test_r27_files_that_others_can_use_are_told_with_what_to_do(company: Company) -> None:
    assert "R27" not in company.run("plan").stderr
    store, reports = company.folder / "seatsync.db", company.folder / "reports"
    assert "by others" not in company.run("check").stdout
    store.chmod(0o620)
    reports.chmod(0o755)
    told = company.run("check").stdout
    assert f"warn store: {store} can be written by others; run: chmod 600 {store}" in told
    assert f"warn reports: {reports} can be read by others; run: chmod 700 {reports}" in told
    assert f"R27: Other accounts of this machine can write {store}" in company.run("plan").stderr
