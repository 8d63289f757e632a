"""A run tells a collector of OpenTelemetry how it went, where the environment names one."""

import sys
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pytest_httpserver import HTTPServer
from requests.adapters import HTTPAdapter

from connectors.watching import telemetry
from jobs.monitoring.telemetry import telemetry_wanted
from support.counterparts.otel_collector import Collector, collector_at, values
from support.faults.silent_server import silent_server
from support.scenarios.company import Company


@pytest.fixture
def collector(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Collector:
    return collector_at(httpserver, monkeypatch)


def test_a_run_is_a_trace_and_its_stages_are_spans_in_it(
    settled: Company, collector: Collector
) -> None:
    planned = settled.run("plan")
    assert (planned.exit_code, planned.stderr.count("OpenTelemetry")) == (2, 0)
    spans = {span.name: span for span in collector.spans}
    run = spans.pop("seatsync plan")
    assert not run.parent_span_id
    assert values(run.attributes)["exit_code"] == "2"
    assert {"read_directory", "read_vendor", "decide", "write_reports"} <= spans.keys()
    for stage in spans.values():
        assert (stage.trace_id, stage.parent_span_id) == (run.trace_id, run.span_id)
        assert run.start_time_unix_nano <= stage.end_time_unix_nano <= run.end_time_unix_nano
        assert stage.start_time_unix_nano <= stage.end_time_unix_nano
    assert int(values(spans["read_directory"].attributes)["requests"]) > 0
    assert collector.resource["service.name"] == "seatsync"
    assert collector.authorized == "Bearer collectors-key"


def test_its_numbers_are_those_of_the_textfile(settled: Company, collector: Collector) -> None:
    settled.configure(metrics=str(settled.folder / "seatsync.prom"))
    settled.run("vacuum")
    text = (settled.folder / "seatsync.prom").read_text()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    told = {name for name, family in families.items() if family.samples}
    assert told == collector.metrics.keys()
    for name in told:
        assert collector.metrics[name] == {
            frozenset(sample.labels.values()): sample.value for sample in families[name].samples
        }


def test_a_collector_that_takes_nothing_changes_no_result(
    settled: Company, collector: Collector
) -> None:
    collector.status = 401
    ended = settled.run("vacuum")
    assert ended.exit_code == 0
    assert "sending telemetry to the collector of OpenTelemetry: " in ended.stderr
    assert "The run is not affected." in ended.stderr
    assert "collectors-key" not in ended.stderr


@pytest.mark.parametrize(
    ("seconds", "environment"), [(0.1, {}), (600, {"OTEL_EXPORTER_OTLP_TIMEOUT": "0.1"})]
)
def test_a_silent_collector_is_waited_for_no_longer_than_that(
    settled: Company, monkeypatch: pytest.MonkeyPatch, seconds: float, environment: dict[str, str]
) -> None:
    """It takes the connection, and never answers."""
    send, timeouts = HTTPAdapter.send, []

    def sending(adapter: HTTPAdapter, *request: Any, **options: Any) -> Any:
        timeouts.append(options["timeout"])
        return send(adapter, *request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", sending)
    monkeypatch.setattr(telemetry, "SECONDS", seconds)
    with silent_server() as address:
        for name, value in {"OTEL_EXPORTER_OTLP_ENDPOINT": address, **environment}.items():
            monkeypatch.setenv(name, value)
        ended = settled.run("vacuum")
    assert ended.exit_code == 0
    assert 0 < max(timeouts) <= 0.1
    assert "due to timeout, max retries or shutdown. The run is not affected." in ended.stderr


def test_a_run_that_fails_is_an_error_in_its_trace(settled: Company, collector: Collector) -> None:
    (settled.folder / "scim-token").write_text("revoked meanwhile")
    assert settled.run("plan").exit_code == 1
    failed = {span.name for span in collector.spans if span.status.code == 2}
    assert failed == {"seatsync plan", "read_vendor"}


def test_without_its_extra_it_says_what_to_install(
    settled: Company, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "connectors.watching.telemetry", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    ended = settled.run("vacuum")
    assert ended.exit_code == 0
    assert "pip install 'seatsync[otel]'" in ended.stderr
    assert collector.spans == []


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://collector:4318/v1/metrics"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_environment_asks_for_it(
    environment: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert telemetry_wanted() is wanted
