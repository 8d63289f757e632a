"""Metrics: how things stand after a run, for the textfile collector of Prometheus' node exporter.

A batch job is over before anybody could scrape it, so it leaves a file (Prometheus, "Pushing
metrics"; node_exporter, "Textfile Collector").
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from connectors.files.disk import write_whole
from connectors.store.errors import StoreError
from connectors.store.runs import RunRecord
from jobs.context import Context
from jobs.monitoring.status import LOOKED_THROUGH, Status, newest_plan, status_of
from jobs.output.console import Facts, say
from reconciler.model.plan import Plan, SeatLine

READABLE = 0o644
"""The exporter runs as another user; there is nobody's name in the file. Windows' runs as the
system, which may read it already."""


def write_metrics(context: Context, path: Path, events: Iterable[Facts]) -> None:
    """Writes the file anew. That it cannot is said, and changes no result."""
    try:
        write_whole(path, exposition(context, events))
        path.chmod(READABLE)
    except OSError as error:
        say(f"The metrics could not be written to {path}: {error.strerror or error}.")
    except StoreError as error:
        say(f"{error}. The metrics were not written.")


def exposition(context: Context, events: Iterable[Facts]) -> bytes:
    """The text format of Prometheus: everything in seconds, times since 1970.

    Raises:
        connectors.store.errors.StoreError: the store could not be read.
    """
    registry = CollectorRegistry()
    registry.register(_state(context, events))
    return generate_latest(registry)


def families(context: Context, events: Iterable[Facts]) -> tuple[Metric, ...]:
    """The same numbers as values.

    Raises:
        connectors.store.errors.StoreError: the store could not be read.
    """
    return tuple(_state(context, events).collect())


def _state(context: Context, events: Iterable[Facts]) -> "_State":
    plan = newest_plan(context)
    status = status_of(context, plan)
    with context.store.transaction() as tx:
        counts, runs = tx.runs.counts(), tx.runs.newest(LOOKED_THROUGH)
    return _State(context, status, counts, runs, plan, tuple(events))


class _State(Collector):
    """The families of metrics, each labelled with the vendor, for a machine may serve several."""

    def __init__(
        self,
        context: Context,
        status: Status,
        counts: Mapping[tuple[str, int], int],
        runs: Sequence[RunRecord],
        plan: Plan | None,
        events: Sequence[Facts],
    ) -> None:
        self._vendor = context.settings.vendor
        self._status, self._counts, self._plan, self._events = status, counts, plan, events
        self._ended = [(run, run.ended) for run in runs if run.ended]

    def collect(self) -> Iterator[Metric]:
        yield from self._of_runs()
        yield from self._of_the_last_run()
        if self._plan:
            yield from self._of_the_plan(self._plan)
        expires = datetime.combine(self._vendor.token_expires, time(), UTC)
        yield self._gauge(
            "token_expiry_time_seconds", "When the vendor's API token ends.", {(): _at(expires)}
        )

    def _of_runs(self) -> Iterator[Metric]:
        counted = CounterMetricFamily(
            "seatsync_runs", "Runs by their exit codes.", labels=["vendor", "kind", "exit_code"]
        )
        for (kind, exit_code), count in self._counts.items():
            counted.add_metric([self._vendor.name, kind, str(exit_code)], count)
        yield counted
        yield self._gauge(
            "last_success_time_seconds",
            "When the last run began that went well.",
            {(): _at(self._status.last_success)} if self._status.last_success else {},
        )

    def _of_the_last_run(self) -> Iterator[Metric]:
        if self._ended:
            last, ended = self._ended[0]
            kind = (last.kind,)
            yield self._gauge(
                "last_run_time_seconds", "When it began.", {kind: _at(last.started)}, ["kind"]
            )
            yield self._gauge(
                "last_run_duration_seconds",
                "How long it took.",
                {kind: (ended - last.started).total_seconds()},
                ["kind"],
            )
            yield self._gauge(
                "last_run_exit_code", "How it ended.", {kind: last.exit_code or 0}, ["kind"]
            )
        yield self._gauge(
            "last_run_stage_duration_seconds",
            "How long a stage of the last run took.",
            {(str(it["event"]),): _number(it["seconds"]) for it in self._events if "seconds" in it},
            ["stage"],
        )
        yield self._gauge(
            "last_run_stage_requests",
            "Requests of a stage of the last run, repeated ones included.",
            {
                (str(it["event"]),): _number(it["requests"])
                for it in self._events
                if "requests" in it
            },
            ["stage"],
        )

    def _of_the_plan(self, plan: Plan) -> Iterator[Metric]:
        yield self._gauge(
            "plan_waits_for_review",
            "1 where the newest plan waits for a person, 0 otherwise.",
            {(): int(self._status.waits)},
        )
        kinds: Counter[tuple[str, ...]] = Counter(
            (str(operation.kind),) for operation in plan.operations
        )
        yield self._gauge("plan_operations", "Changes of the newest plan.", kinds, ["kind"])
        found: Counter[tuple[str, ...]] = Counter(
            (finding.code, finding.severity.name.lower()) for finding in plan.findings
        )
        yield self._gauge(
            "plan_findings", "Findings of the newest plan.", found, ["code", "severity"]
        )
        yield self._gauge(
            "seats",
            "Seats as the newest plan found them.",
            {
                (line.product, state): count
                for line in plan.seats
                for state, count in _seats(line).items()
            },
            ["product", "state"],
        )
        yield self._gauge(
            "users_waiting",
            "Users who wait for a seat.",
            {(line.product,): line.waiting for line in plan.seats},
            ["product"],
        )

    def _gauge(
        self,
        name: str,
        text: str,
        values: Mapping[tuple[str, ...], float],
        labels: Sequence[str] = (),
    ) -> Metric:
        family = GaugeMetricFamily(f"seatsync_{name}", text, labels=["vendor", *labels])
        for of, value in values.items():
            family.add_metric([self._vendor.name, *of], value)
        return family


def _seats(line: SeatLine) -> dict[str, int]:
    counted = {"used": line.used_before, "used_after_the_plan": line.used_after}
    return counted if line.purchased is None else {"purchased": line.purchased, **counted}


def _at(moment: datetime) -> float:
    return moment.timestamp()


def _number(value: object) -> float:
    return float(str(value))
