"""`seatsync check` about who is told: whether they can be, and with --tell that they are."""

import json

import pytest
from pytest_httpserver import HTTPServer

from support.scenarios.company import Company


def test_everybody_is_checked_and_told_on_demand(
    company: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    monkeypatch.setenv("SEATSYNC_TELL", f"json://127.0.0.1:{httpserver.port}/hook")
    company.configure(notifications=[{"to": "env:SEATSYNC_TELL", "events": ["failed", "dead"]}])
    assert "?    notifications: env:SEATSYNC_TELL holds an address" in company.run("check").stdout
    assert httpserver.log == []
    assert "env:SEATSYNC_TELL was told" in company.run("check", "--tell").stdout
    ((request, _),) = httpserver.log
    assert json.loads(request.data)["message"].endswith("You are told of: failed, dead.")


def test_who_cannot_be_told_is_named(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATSYNC_TELL", "the channel of the team")
    company.configure(notifications=[{"to": "env:SEATSYNC_TELL"}, {"to": "env:SEATSYNC_NOBODY"}])
    ended = company.run("check", "--tell")
    assert ended.exit_code == 1
    assert "FAIL notifications: telling env:SEATSYNC_TELL: it holds no address" in ended.stdout
    assert "FAIL notifications: telling env:SEATSYNC_NOBODY: env:SEATSYNC_NOBODY" in ended.stdout
    assert "the channel" not in ended.output
