"""What is said to whoever started a command: results on stdout, all else on stderr."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.plan import Finding

Facts = Mapping[str, object]
"""Of an event: its name under `event`, its counts, and of a stage its `seconds`."""

EVENT, REMARK, NEEDED = logging.INFO, logging.WARNING, logging.ERROR
"""What a run is doing; what is good to know; what somebody must see."""


class Detail(StrEnum):
    """How much is said: with events, as usual, or only what somebody must see."""

    VERBOSE = "verbose"
    USUAL = "usual"
    QUIET = "quiet"


class _Stderr(logging.Handler):
    """One line per record, as text or as JSON; as JSON with events, unless quiet.

    That nobody can read a line changes nothing of what was done.
    """

    detail = Detail.USUAL
    as_json = False

    def filter(self, record: logging.LogRecord) -> bool:
        if self.detail is Detail.QUIET:
            return record.levelno >= NEEDED
        return record.levelno > EVENT or self.detail is Detail.VERBOSE or self.as_json

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


def set_detail(detail: Detail) -> None:
    """How much of all this is said from now on."""
    _stderr.detail = detail


def set_json(as_json: bool) -> None:
    """Whether all of stderr is JSON from now on, a line each."""
    _stderr.as_json = as_json


def quiet() -> bool:
    """Nothing is asked for but answers, and what somebody must see."""
    return _stderr.detail is Detail.QUIET


def tell(found: "Finding") -> None:
    """A finding, with its advice, on stderr; not with ``--quiet``, if it is information."""
    from reconciler.model.plan import Severity

    level = REMARK if found.severity is Severity.INFORMATION else NEEDED
    said = f"{found.code}: {found.message} {found.advice}".strip()
    _log.log(level, "%s", said, extra={"facts": {"event": "finding", "code": found.code}})


def say(text: str) -> None:
    """One line on stderr that somebody must see."""
    _log.log(NEEDED, "%s", text, extra={"facts": {"event": "message"}})


def remark(text: str) -> None:
    """One line on stderr that is good to know; not with ``--quiet``."""
    _log.log(REMARK, "%s", text, extra={"facts": {"event": "message"}})


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


def confirm(text: object) -> None:
    """One line on stdout: what was done, as asked; with ``--quiet`` the exit code says it."""
    if not quiet():
        print_line(text)


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
