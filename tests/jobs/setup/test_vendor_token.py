"""A new API token: proven before it is stored, its dates kept in the store, the old one gone."""

from datetime import UTC, date, datetime, timedelta

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from ruamel.yaml import YAML

from support.scenarios.company import Company

TODAY = datetime.now(UTC).date()


@pytest.fixture
def renewed(company: Company) -> Company:
    """The portal has made a new token, and the one that seatsync has is invalid."""
    company.sandbox.portal.generate_token("180d")
    return company


def given(company: Company, token: str, *options: str) -> str:
    result = company.run("token set", *options, stdin=f"{token}\n")
    return f"{result.exit_code} {result.stdout}{result.stderr}"


def test_a_new_token_is_stored_where_the_reference_points(renewed: Company) -> None:
    assert "T2" in renewed.run("plan").stderr
    told = given(renewed, renewed.sandbox.portal.token, "--lifetime", "180d")
    assert told.startswith("0 ")
    assert f"It ends on {TODAY + timedelta(days=180)}." in told
    assert renewed.sandbox.portal.token not in told
    assert renewed.run("plan").exit_code == 2
    assert (renewed.folder / "scim-token").stat().st_mode & 0o777 == 0o600
    (record,) = [row for row in renewed.json("audit list") if row["event"] == "token"]
    assert renewed.sandbox.portal.token not in str(record)


def test_its_dates_are_known_from_now_on_and_the_file_need_not_change(renewed: Company) -> None:
    _write_date(renewed, TODAY - timedelta(days=100), "90d")
    assert "T2" in renewed.run("check").stdout
    assert renewed.run("token").exit_code == 1
    given(renewed, renewed.sandbox.portal.token, "--lifetime", "1y")
    ends = TODAY + timedelta(days=365)
    shown = renewed.run("token")
    assert shown.exit_code == 0
    assert f"it ends on {ends}, in 365 days." in shown.stdout
    assert f"ok   token: by its dates, it expires on {ends}" in renewed.run("check").stdout
    assert renewed.json("status")["token_days"] == 365


def test_a_newer_date_in_the_file_counts(renewed: Company) -> None:
    given(renewed, renewed.sandbox.portal.token, "--issued", f"{TODAY - timedelta(days=9)}")
    _write_date(renewed, TODAY - timedelta(days=2), "90d")
    assert f"generated on {TODAY - timedelta(days=2)}" in renewed.run("token").stdout


def test_a_token_that_the_vendor_refuses_changes_nothing(renewed: Company) -> None:
    before = (renewed.folder / "scim-token").read_text()
    shown = renewed.run("token").stdout
    told = given(renewed, "mistyped-canary", "--lifetime", "1y")
    assert told.startswith("1 ")
    assert ". file:" in told
    assert "is as it was; nothing was recorded" in told
    assert "canary" not in told
    assert (renewed.folder / "scim-token").read_text() == before
    assert renewed.run("token").stdout == shown


def test_a_variable_only_its_owner_can_change(
    renewed: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLD_TOKEN", "invalid by now")
    vendor = YAML(typ="safe").load(renewed.config)["vendor"]
    renewed.configure(vendor=vendor | {"token": "env:OLD_TOKEN"})
    told = given(renewed, renewed.sandbox.portal.token)
    assert told.startswith("0 ")
    assert "Now put it where env:OLD_TOKEN comes from" in told


def test_what_cannot_be_written_is_told_and_nothing_is_recorded(renewed: Company) -> None:
    """The token before is invalid by now: that the vendor takes the new one is worth knowing."""
    keyring.set_keyring(NoKeyring())
    vendor = YAML(typ="safe").load(renewed.config)["vendor"]
    renewed.configure(vendor=vendor | {"token": "keyring:seatsync/scim-token"})
    told = given(renewed, renewed.sandbox.portal.token)
    assert told.startswith("1 ")
    assert "takes it, and keyring:seatsync/scim-token cannot be written: this session has" in told
    assert "token" not in [row["event"] for row in renewed.json("audit list")]


def test_nothing_given_is_wrong_usage(company: Company) -> None:
    assert given(company, "").startswith("64 No token was given.")


def _write_date(company: Company, issued: date, lifetime: str) -> None:
    vendor = YAML(typ="safe").load(company.config)["vendor"]
    dates = {"token_issued": issued, "token_lifetime": lifetime}
    company.configure(vendor=vendor | dates)
