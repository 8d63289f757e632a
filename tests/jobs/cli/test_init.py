"""`seatsync init --interactive` at the sandbox's servers, and what `--prepare-app` prints."""

import os
import pty
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from config.credential import ClientCertificate
from config.load import load
from connectors.entra.auth.certificate import read_certificate
from connectors.entra.permissions import NEEDED_ROLES
from connectors.sandbox.server import CLIENT_ID, TENANT_ID
from jobs.cli.main import main
from support.scenarios.company import Company

# Microsoft Graph, "Permissions reference": the ids of application permissions.
ROLES = {
    "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    "Member.Read.Hidden": "658aa5d8-239f-45c4-aa12-864f4fc7e490",
}


@pytest.fixture
def folder(company: Company) -> Path:
    """With the files that the sandbox's configuration names, and no configuration."""
    company.config.unlink()
    return company.folder


def answers(company: Company, **other: str | list[str]) -> list[str]:
    """To every question in its order; several where one is asked again."""
    told: dict[str, str | list[str]] = {
        "tenant": TENANT_ID,
        "client": CLIENT_ID,
        "way": "secret",
        "credential": "file:client-secret",
        "cloud": company.sandbox.graph_url,
        "authority": "",
        "ca_file": "ca.pem",
        "single sign-on": "",
        "name": "",
        "base_url": company.sandbox.scim_url,
        "token": "file:scim-token",
        "issued": "",
        "lifetime": "180d",
        "switch": "",
        "products": "Sales, Marketing",
        "seats": ["20", "5"],
        "search": "sales",
        "numbers": "1",
        "chosen": "",
        "admins": "",
        "description": "Everybody who sells",
        "more": "",
        "protected": "head@harbour.example, ",
        "write": "",
    }
    told |= other
    return [
        line for given in told.values() for line in ([given] if isinstance(given, str) else given)
    ]


def init(company: Company, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr("jobs.cli.init_command.at_a_terminal", lambda: True)
    typed = "".join(f"{line}\n" for line in lines)
    return CliRunner().invoke(main, ["init", "--interactive", str(company.config)], input=typed)


@pytest.fixture
def written(company: Company, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the file has after these answers, and what was said."""

    def write(**other: str | list[str]) -> tuple[dict[str, Any], str]:
        ended = init(company, answers(company, **other), monkeypatch)
        assert ended.exit_code == 0, ended.output
        return YAML(typ="safe").load(company.config), ended.output

    return write


def test_the_answers_make_a_configuration_that_check_finds_right(
    written: Any, company: Company
) -> None:
    file, said = written()
    assert file["vendor"]["token"] == "file:scim-token"
    assert file["seats"] == {"Sales": 20, "Marketing": 5}
    assert file["policy"]["protected"] == ["head@harbour.example"]
    (only,) = file["subscription_sets"]
    assert "Sales" in only["name"]
    assert only["description"] == "Everybody who sells"
    assert "Entra ID accepts the credential." in said
    assert "ZoomInfo takes the token: 0 users over SCIM." in said
    assert said.endswith(f"Next: seatsync check --online --config {company.config}\n")
    told = company.run("check", "--online")
    assert told.exit_code == 0, told.output
    assert "# Entra admin center > Overview" in company.config.read_text()
    assert "the-sandbox-secret" not in said + company.config.read_text()


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("tenant", ["harbour", TENANT_ID], "expected an id such as 1111"),
        ("credential", ["the-secret", "file:client-secret"], "expected env:NAME, file:PATH"),
        ("cloud", ["mars", "{graph}"], "expected global, usgov, dod, china, or an https://"),
        ("base_url", ["http://vendor.test", "{scim}"], "expected an https:// address"),
        ("issued", ["yesterday", ""], "expected a date such as"),
        ("lifetime", ["2y", "180d"], "is not one of"),
        ("products", ["Sales, Sales", "Sales, Marketing"], "expected each name once"),
        ("seats", ["many", "20", "5"], "expected a whole number"),
        ("numbers", ["9", "0-1", "1"], "expected numbers from 1 to "),
        ("chosen", ["Talent", "Sales"], "there is no Talent; expected some of Sales, Marketing"),
        ("description", ["x" * 46, ""], "expected at most 45 characters"),
    ],
)
def test_a_wrong_answer_is_told_what_was_expected_and_asked_for_again(
    written: Any, company: Company, question: str, given: list[str], expected: str
) -> None:
    places = {"{graph}": company.sandbox.graph_url, "{scim}": company.sandbox.scim_url}
    _, said = written(**{question: [places.get(line, line) for line in given]})
    assert expected in said
    assert load(company.config).vendor.name == "ZoomInfo"


def test_a_group_that_the_portal_would_not_take_is_listed_with_why_and_not_chosen(
    written: Any, company: Company
) -> None:
    first, second, *_ = company.sandbox.tenant.groups.values()
    first["displayName"], second["displayName"] = "Crew_North", "Crew South"
    file, said = written(search="crew", numbers=["2", "1-2", "1"])
    assert '2 Crew_North (the portal would not take it: it has "_" at 5)' in said
    assert '"Crew_North" can be no set: it has "_" at 5. Rename the group in Entra ID' in said
    assert [each["name"] for each in file["subscription_sets"]] == ["Crew South"]


def test_of_two_groups_of_one_name_the_chosen_one_is_pinned(written: Any, company: Company) -> None:
    first, second, *_ = company.sandbox.tenant.groups.values()
    first["displayName"] = second["displayName"] = "Crew"
    file, said = written(search="crew", numbers=["1 2", "2"], **{"single sign-on": "ZoomInfo"})
    assert '"Crew" is there twice; choose one, or rename the other' in said
    (only,) = file["subscription_sets"]
    assert only["group_id"] == max(first["id"], second["id"])
    assert file["directory"]["enterprise_app"] == "ZoomInfo"


def test_what_is_refused_is_told_and_asked_again_with_the_answers_of_before(
    written: Any, company: Company
) -> None:
    """The secret's file is named wrong at first, the vendor's token as well."""
    cloud = [company.sandbox.graph_url, "", "ca.pem"]
    file, said = written(
        credential=["file:nowhere", *cloud, "y", "", "", "", "file:client-secret"],
        cloud="",
        authority="",
        ca_file="ca.pem",
        token=["file:nothing", "", "180d", "y", "", "", "file:scim-token"],
        lifetime="",
    )
    assert "nowhere cannot be read: No such file" in said
    assert "nothing cannot be read: No such file" in said
    assert file["directory"]["credential"] == {"secret": "file:client-secret"}
    assert file["vendor"]["token_lifetime"] == "180d"


def test_without_a_tenant_the_names_are_typed(written: Any, company: Company) -> None:
    company.sandbox.graph.roles = ()
    file, said = written(
        ca_file=["ca.pem", "n"],
        **{"single sign-on": []},
        search=["Night_Desk", "Night Desk"],
        numbers=[],
        chosen="",
    )
    assert "The app lacks permissions: GroupMember.Read.All, User.Read.All." in said
    assert "the portal would not take it: it has" in said
    assert [each["name"] for each in file["subscription_sets"]] == ["Night Desk"]


@pytest.mark.parametrize("until", [0, 5, 12, -1])
def test_who_has_had_enough_leaves_nothing_half_done(
    company: Company, folder: Path, monkeypatch: pytest.MonkeyPatch, until: int
) -> None:
    before = sorted(folder.iterdir())
    ended = init(company, answers(company)[:until], monkeypatch)
    assert ended.exit_code == 1
    assert ended.stderr.endswith("Nothing was written.\n")
    assert sorted(folder.iterdir()) == before


def test_what_is_there_is_not_asked_about(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = init(company, [], monkeypatch)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "exists already; nothing was written." in ended.stderr


def test_without_a_terminal_it_says_what_to_do_instead(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["init", "--interactive", str(tmp_path / "seatsync.yaml")])
    assert ended.exit_code == 64
    assert (
        "Run `seatsync init`, fill the file in, then run `seatsync check --online`" in ended.stderr
    )
    assert list(tmp_path.iterdir()) == []


def test_at_a_real_terminal(company: Company, folder: Path) -> None:
    keyboard, ours = pty.openpty()
    program = "from jobs.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "init", "--interactive"],
        stdin=ours,
        stdout=ours,
        stderr=ours,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    os.close(ours)
    shown = b""
    for line in answers(company):
        while not re.search(rb"[:?\]] ?$", shown.rpartition(b"\n")[2]):
            shown += os.read(keyboard, 1024)
        os.write(keyboard, f"{line}\n".encode())
        shown += b"\n"
    assert process.wait() == 0, shown
    os.close(keyboard)
    assert [item.products for item in load(company.config).subscription_sets] == [("Sales",)]


# The app registration


def test_the_commands_of_the_azure_cli_make_an_app_that_may_read_and_no_more(
    tmp_path: Path,
) -> None:
    """With an az that notes what it is asked; openssl is a real one."""
    az = tmp_path / "az"
    az.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\necho 11111111-1111-1111-1111-111111111111\n'
    )
    az.chmod(0o700)
    script = CliRunner().invoke(main, ["init", "--prepare-app", "az"]).stdout
    folder = tmp_path / "here"
    folder.mkdir()
    path = f"{tmp_path}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["/bin/sh"], input=script, cwd=folder, env={"PATH": path}, text=True, capture_output=True
    )
    assert ended.returncode == 0, ended.stderr
    asked = (tmp_path / "asked").read_text()
    assert set(re.findall(r"(\S+)=Role", asked)) == {ROLES[name] for name in NEEDED_ROLES}
    assert (folder / "app.pem").stat().st_mode & 0o077 == 0
    credential = ClientCertificate(certificate=folder / "app.pem")
    assert read_certificate(credential).expires.date() > date.today() + timedelta(days=360)
    assert not (folder / "app.key").exists()


@pytest.mark.parametrize("tool", ["az", "powershell"])
def test_the_permissions_are_those_that_check_looks_for(tool: str) -> None:
    script = CliRunner().invoke(main, ["init", "--prepare-app", tool]).stdout
    told = [line for line in script.splitlines() if line.strip()]
    for name, role in ROLES.items():
        near = [at for at, line in enumerate(told) if role in line]
        assert len(near) == 1
        assert any(name in line for line in told[near[0] - 1 : near[0] + 1])
        assert told[near[0]].strip().startswith("#") is (name not in NEEDED_ROLES)
