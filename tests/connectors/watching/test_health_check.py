"""A dead-man's switch, as Healthchecks has it: what it is told, and that it costs no run time."""

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from config.watching import Health
from connectors.errors import CounterpartError, Unreachable
from connectors.watching.health_check import HealthCheck


def told(httpserver: HTTPServer) -> list[tuple[str, str, str]]:
    return [
        (request.method, request.path, request.get_data(as_text=True))
        for request, _ in httpserver.log
    ]


def test_it_is_told_of_start_success_and_failure(httpserver: HTTPServer) -> None:
    for path in ("/uuid", "/uuid/start", "/uuid/fail"):
        httpserver.expect_request(path, method="POST").respond_with_data("OK")
    check = HealthCheck(Health(ping=httpserver.url_for("/uuid/")))
    check.started()
    check.succeeded("exit code 2")
    check.failed("exit code 1")
    assert told(httpserver) == [
        ("POST", "/uuid/start", ""),
        ("POST", "/uuid", "exit code 2"),
        ("POST", "/uuid/fail", "exit code 1"),
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response(status=500), "it answers 500"),
        (Response(status=307, headers={"Location": "/elsewhere"}), "it answers 307"),
    ],
)
def test_what_it_does_not_take_is_said_without_its_address(
    httpserver: HTTPServer, answer: Response, said: str
) -> None:
    httpserver.expect_request("/uuid").respond_with_response(answer)
    with pytest.raises(Unreachable, match=said) as failed:
        HealthCheck(Health(ping=httpserver.url_for("/uuid"))).succeeded("")
    assert "uuid" not in str(failed.value)
    assert len(httpserver.log) == 1


def test_where_nobody_answers_that_is_said() -> None:
    with pytest.raises(CounterpartError, match="the connection was refused"):
        HealthCheck(Health(ping="http://127.0.0.1:9/uuid")).started()
