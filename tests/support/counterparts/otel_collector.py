"""A collector of OpenTelemetry on loopback: takes OTLP/HTTP in protobuf, and keeps it."""

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response


class Collector:
    """`status` is what it answers, a refusal with the `Authorization` that it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.authorized = ""
        self.spans: list[Span] = []
        self.resource: dict[str, str] = {}
        self.metrics: dict[str, dict[frozenset[str], float]] = {}

    def take_traces(self, request: Request) -> Response:
        sent = ExportTraceServiceRequest.FromString(request.data)
        for of in sent.resource_spans:
            self.resource = values(of.resource.attributes)
            self.spans += [span for scope in of.scope_spans for span in scope.spans]
        return self._answer(request)

    def take_metrics(self, request: Request) -> Response:
        sent = ExportMetricsServiceRequest.FromString(request.data)
        for of in sent.resource_metrics:
            for metric in (metric for scope in of.scope_metrics for metric in scope.metrics):
                points = metric.sum.data_points or metric.gauge.data_points
                self.metrics[metric.name] = {
                    frozenset(values(point.attributes).values()): point.as_double or point.as_int
                    for point in points
                }
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        self.authorized = request.headers.get("Authorization", "")
        reason = "OK" if self.status == 200 else f"not for {self.authorized}"
        return Response(b"", f"{self.status} {reason}", content_type="application/x-protobuf")


def values(attributes: "list[KeyValue]") -> dict[str, str]:
    kinds = ("string_value", "int_value", "double_value")
    return {
        one.key: next(str(getattr(one.value, kind)) for kind in kinds if one.value.HasField(kind))
        for one in attributes
    }


def collector_at(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Collector:
    """The one that the environment names."""
    collector = Collector()
    httpserver.expect_request("/v1/traces").respond_with_handler(collector.take_traces)
    httpserver.expect_request("/v1/metrics").respond_with_handler(collector.take_metrics)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20collectors-key")
    return collector
