"""Traces and metrics to a collector of OpenTelemetry, by its own environment variables.

OpenTelemetry, "OTLP Exporter Configuration" and "General SDK Configuration"; OTLP/HTTP in protobuf.
A batch job is over before anybody could ask it, so all of it is sent at once, at the end.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from urllib.parse import unquote

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context
from prometheus_client.metrics_core import Metric

from config.secret_redaction import held
from connectors.errors import Unreachable
from connectors.untrusted_text import excerpt
from connectors.watching.timed_work import TimedWork

SECONDS = 2.5
"""Timeout for each of the two requests, where the environment has none: the run waits for them."""

_LOG = logging.getLogger("opentelemetry")


def send_telemetry(
    version: str, run: TimedWork, stages: Iterable[TimedWork], metrics: Iterable[Metric]
) -> None:
    """One trace, with a span for the run and one in it for each stage, and the metrics.

    Raises:
        Unreachable: the collector did not take all of it.
    """
    service = {"service.name": os.environ.get("OTEL_SERVICE_NAME", "seatsync")}
    resource = Resource.create({**service, "service.version": version})
    _hold_headers()
    with _log() as log:
        traced = OTLPSpanExporter(timeout=_timeout("TRACES")).export(_spans(resource, run, stages))
        measured = _send_metrics(resource, metrics)
    if traced is not SpanExportResult.SUCCESS or measured is not MetricExportResult.SUCCESS:
        why = excerpt(log.getvalue()).rstrip(".") or "it was not taken"
        raise Unreachable("sending telemetry to the collector of OpenTelemetry", why)


def _spans(
    resource: Resource, run: TimedWork, stages: Iterable[TimedWork]
) -> Sequence[ReadableSpan]:
    kept = InMemorySpanExporter()
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("seatsync")
    whole = _begun(tracer, run, Context())
    for stage in stages:
        _begun(tracer, stage, set_span_in_context(whole, Context())).end(_nanoseconds(stage.ended))
    whole.end(_nanoseconds(run.ended))
    return kept.get_finished_spans()


def _begun(tracer: Tracer, work: TimedWork, within: Context) -> Span:
    span = tracer.start_span(
        work.name, within, attributes=dict(work.facts), start_time=_nanoseconds(work.begun)
    )
    if work.failed:
        span.set_status(StatusCode.ERROR)
    return span


def _send_metrics(resource: Resource, metrics: Iterable[Metric]) -> MetricExportResult:
    """Under the names that they have in the textfile."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], resource, shutdown_on_exit=False)
    meter = provider.get_meter("seatsync")
    for metric in metrics:
        create = (
            meter.create_observable_counter
            if metric.type == "counter"
            else meter.create_observable_gauge
        )
        create(metric.name, [_Observed(metric)], description=metric.documentation)
    measured = reader.get_metrics_data()
    if not measured:
        return MetricExportResult.SUCCESS
    return OTLPMetricExporter(timeout=_timeout("METRICS")).export(measured)


class _Observed:
    """What is told of a metric when it is asked for."""

    def __init__(self, metric: Metric) -> None:
        self._samples = metric.samples

    def __call__(self, _: CallbackOptions) -> Iterator[Observation]:
        for sample in self._samples:
            yield Observation(sample.value, sample.labels)


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1_000_000_000)


def _timeout(signal: str) -> float | None:
    """None where the environment has one: the exporter knows it."""
    given = (f"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
    return None if any(map(os.environ.get, given)) else SECONDS


def _hold_headers() -> None:
    """They have the collector's key."""
    for name in ("", "TRACES_", "METRICS_"):
        for header in os.environ.get(f"OTEL_EXPORTER_OTLP_{name}HEADERS", "").split(","):
            value = unquote(header.partition("=")[2].strip())
            held(value)
            held(value.rpartition(" ")[2])


@contextmanager
def _log() -> Iterator[StringIO]:
    """What the library says of a failure, for it raises nothing and would say it on stderr."""
    log = StringIO()
    handler, propagate = logging.StreamHandler(log), _LOG.propagate
    _LOG.addHandler(handler)
    _LOG.propagate = False
    try:
        yield log
    finally:
        _LOG.removeHandler(handler)
        _LOG.propagate = propagate
