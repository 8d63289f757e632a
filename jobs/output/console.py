"""What is said to whoever started a command: results on stdout, all else on stderr."""

import json
import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.plan import Finding

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
