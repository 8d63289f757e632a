"""Telemetry: what a run came to, for a collector of OpenTelemetry.

The numbers are those of the textfile (`jobs.monitoring.metrics`). The environment asks for it, as
everywhere with OpenTelemetry: OTEL_EXPORTER_OTLP_ENDPOINT and its kin.
"""

import os
from collections.abc import Sequence

from connectors.watching.timed_work import TimedWork
from jobs.context import Context, tool_version
from jobs.output.console import Facts, say
from jobs.output.exit_codes import AS_INTENDED
from jobs.output.failures import in_plain_words

ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)


def telemetry_wanted() -> bool:
    """Whether the environment names a collector, and does not switch all of it off."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not off and any(map(os.environ.get, ENDPOINTS))


def report_telemetry(context: Context, kind: str, events: Sequence[Facts]) -> None:
    """Sends it. That it cannot is said, and changes no result.

    `events` begin with the run's and end with its end; those between are its stages.
    """
    try:
        from connectors.watching.telemetry import send_telemetry
        from jobs.monitoring.metrics import families

        stages = events[1:-1]
        numbers = families(context, stages)
        send_telemetry(tool_version(), _run(kind, events), map(_stage, stages), numbers)
    except ModuleNotFoundError as error:
        say(
            f"OpenTelemetry needs packages that are not installed here ({error.name}). "
            "Run: pip install 'seatsync[otel]'"
        )
    except Exception as error:  # whatever a library meets there, the run is over
        say(f"{in_plain_words(error)}. The run is not affected.")


def _run(kind: str, events: Sequence[Facts]) -> TimedWork:
    first, last = events[0], events[-1]
    failed = last["exit_code"] not in AS_INTENDED
    return TimedWork(f"seatsync {kind}", _at(first), _at(last), _told(last), failed)


def _stage(event: Facts) -> TimedWork:
    ended = _at(event)
    begun = ended - float(str(event.get("seconds", 0)))
    return TimedWork(str(event["event"]), begun, ended, _told(event), "error" in event)


def _at(event: Facts) -> float:
    return float(str(event["at"]))


def _told(event: Facts) -> dict[str, str | int | float | bool]:
    """All that is counted, and nobody's name."""
    return {
        name: value if isinstance(value, bool | int | float) else str(value)
        for name, value in event.items()
        if name not in {"event", "at"}
    }
