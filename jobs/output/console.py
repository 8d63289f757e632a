"""What is said to whoever started a command: results on stdout, all else on stderr."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.plan import Finding

Facts = Mapping[str, object]
"""Of an event: its name under `event`, its counts, and of a stage its `seconds`."""

EVENT = logging.INFO
"""The level of what a run is doing; what everybody should read is a warning."""


class _Stderr(logging.Handler):
    """One line per record, as text or as JSON; events only where they were asked for.

    That nobody can read a line changes nothing of what was done.
    """

    verbose = False
    as_json = False

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > EVENT or self.verbose or self.as_json

    def emit(self, record: logging.LogRecord) -> None:
        from jobs.output.printable import shown

        line = _json(record) if self.as_json else record.getMessage()
        with suppress(OSError):
            print(shown(line), file=sys.stderr, flush=True)


class _Collector(logging.Handler):
    """Keeps events; what is said to a person is none."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Facts] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == EVENT:
            self.events.append(getattr(record, "facts", {}))


_stderr = _Stderr()
_log = logging.Logger("seatsync", EVENT)
_log.addHandler(_stderr)


def show_events(*, verbose: bool | None = None, as_json: bool | None = None) -> None:
    """Whether events are shown, and whether all of stderr is JSON, a line each; None: as before."""
    _stderr.verbose = _stderr.verbose if verbose is None else verbose
    _stderr.as_json = _stderr.as_json if as_json is None else as_json


def tell(found: "Finding") -> None:
    """A finding, with its advice, on stderr."""
    said = f"{found.code}: {found.message} {found.advice}".strip()
    _log.warning("%s", said, extra={"facts": {"event": "finding", "code": found.code}})


def say(text: str) -> None:
    """One line on stderr."""
    _log.warning("%s", text, extra={"facts": {"event": "message"}})


def event(name: str, **facts: object) -> None:
    """What has happened in a run, with its counts; seen with ``--verbose`` or ``--log-json``."""
    said = [name, *(f"{fact}={_quoted(value)}" for fact, value in facts.items())]
    _log.log(EVENT, "%s", " ".join(said), extra={"facts": {"event": name, **facts}})


@contextmanager
def collected_events() -> Iterator[list[Facts]]:
    """Every event while it lasts, shown or not."""
    collector = _Collector()
    _log.addHandler(collector)
    try:
        yield collector.events
    finally:
        _log.removeHandler(collector)


def print_line(text: object) -> None:
    """One line on stdout. Whatever others wrote in it neither moves a cursor nor hides a letter."""
    from jobs.output.printable import shown

    print(shown(text), flush=True)


def print_json(document: bytes) -> None:
    """One line on stdout for a program: UTF-8, whatever the terminal's encoding is."""
    print_bytes(document + b"\n")


def print_bytes(content: bytes) -> None:
    """A whole file on stdout."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _quoted(value: object) -> str:
    """As in logfmt: a text with blanks in quotation marks."""
    return str(value) if " " not in str(value) else json.dumps(str(value), ensure_ascii=False)


def _json(record: logging.LogRecord) -> str:
    from datetime import UTC, datetime

    import orjson

    facts = getattr(record, "facts", {})
    line = {"at": datetime.fromtimestamp(record.created, UTC), **facts}
    if record.levelno > EVENT:
        line["text"] = record.getMessage()
    return orjson.dumps(line, default=str).decode()
