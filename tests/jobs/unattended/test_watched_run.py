"""A run that is watched: who is told what, and that nobody who cannot be told changes anything."""

import json

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from jobs.context import working
from support.scenarios.company import Company


class Watchers:
    """A webhook and a dead-man's switch on loopback: what they were told, in order."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.status = 200
        for path in ("/hook", "/alive", "/alive/start", "/alive/fail"):
            server.expect_request(path).respond_with_handler(self._answer)

    def _answer(self, _: Request) -> Response:
        return Response(status=self.status)

    def messages(self) -> list[tuple[str, str]]:
        """Since the last time: title and text."""
        sent = [request for request, _ in self.server.log if request.path == "/hook"]
        bodies = [json.loads(request.get_data()) for request in sent]
        return [(body["title"], body["message"]) for body in bodies]

    def pings(self) -> list[str]:
        paths = [request.path for request, _ in self.server.log]
        return [path.removeprefix("/alive") for path in paths if path.startswith("/alive")]

    def forget(self) -> None:
        self.server.clear_log()


@pytest.fixture
def watchers(company: Company, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Watchers:
    monkeypatch.setenv("SEATSYNC_TELL", f"json://127.0.0.1:{httpserver.port}/hook")
    company.configure(
        notifications=[{"to": "env:SEATSYNC_TELL"}],
        health={"ping": httpserver.url_for("/alive")},
        reports_url="https://reports.example/seats",
    )
    return Watchers(httpserver)


def test_a_plan_that_waits_is_told_once_a_day_with_a_link(
    company: Company, watchers: Watchers
) -> None:
    assert company.run("run").exit_code == 2
    assert company.run("run").exit_code == 2
    ((title, text),) = watchers.messages()
    assert title.startswith("seatsync, ZoomInfo: a plan waits for review")
    (first, *_) = company.json("history")[1:]
    assert f"https://reports.example/seats/{first['run']}/report.html" in text
    assert watchers.pings() == ["/start", "", "/start", ""]


def test_a_failure_is_told_and_the_first_success_after_it(
    company: Company, watchers: Watchers
) -> None:
    company.sandbox.graph.roles = ()
    assert company.run("run").exit_code == 1
    company.sandbox.graph.roles = ("GroupMember.Read.All", "User.Read.All")
    assert company.run("run").exit_code == 2
    (failed, _), (_, well) = watchers.messages()
    assert failed == "seatsync, ZoomInfo: a run failed"
    assert "Runs are well again" in well
    assert watchers.pings() == ["/start", "/fail", "/start", ""]


def test_who_cannot_be_told_changes_nothing_and_is_told_after_the_next_run_or_not_at_all(
    company: Company, watchers: Watchers
) -> None:
    watchers.status = 500
    for _ in range(3):
        ended = company.run("run")
        assert ended.exit_code == 2
        assert "answers 500" in ended.stderr
    assert len(watchers.messages()) == 2
    watchers.status = 200
    watchers.forget()
    assert company.run("run").exit_code == 2
    assert watchers.messages() == []


def test_what_could_not_be_told_comes_with_what_is_new(
    company: Company, watchers: Watchers
) -> None:
    watchers.status = 500
    assert company.run("run").exit_code == 2
    watchers.status = 200
    watchers.forget()
    company.sandbox.graph.roles = ()
    assert company.run("run").exit_code == 1
    ((_, text),) = watchers.messages()
    assert "waits for review" in text
    assert "The run of " in text


def test_everybody_is_told_of_their_own_events(
    company: Company, watchers: Watchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"json://127.0.0.1:{watchers.server.port}/hook"
    monkeypatch.setenv("SEATSYNC_OTHERS", address)
    company.configure(
        notifications=[
            {"to": "env:SEATSYNC_TELL", "events": ["failed"]},
            {"to": "env:SEATSYNC_OTHERS", "events": ["waiting"]},
        ]
    )
    company.run("run")
    assert len(watchers.messages()) == 1


def test_a_run_beside_another_one_tells_nobody(company: Company, watchers: Watchers) -> None:
    with working(company.config) as context, context.store.lease("another"):
        assert company.run("run").exit_code == 75
    assert (watchers.messages(), watchers.pings()) == ([], ["/start"])
