"""What is said to whoever started a command: results on stdout, all else on stderr."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from errno import EINVAL, EPIPE
from io import BufferedWriter, FileIO, TextIOWrapper
from os import fstat
from stat import S_ISFIFO
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.model.plan import Finding

Facts = Mapping[str, object]
"""Of an event: its name under `event`, its counts, and of a stage its `seconds`."""


class Detail(StrEnum):
    """How much is said: with events, as usual, or only what somebody must see."""

    VERBOSE = "verbose"
    USUAL = "usual"
    QUIET = "quiet"


class LogFormat(StrEnum):
    """Of the lines of a log: for people, or for programs."""

    TEXT = "text"
    JSON = "json"


class _Stderr:
    """What is said there: `log_format` is None where it was not asked for."""

    detail = Detail.USUAL
    log_format: LogFormat | None = None

    @property
    def form(self) -> LogFormat | None:
        """Of the lines that are logged; None where none are, because nobody asked for them."""
        if self.log_format or self.detail is not Detail.VERBOSE:
            return self.log_format
        return LogFormat.TEXT if sys.stderr.isatty() else LogFormat.JSON

    def log(self, facts: Facts) -> None:
        """A dated line."""
        from jobs.output.log_format import log_line

        self._print(log_line(facts, as_json=self.form is LogFormat.JSON))

    def say(self, text: str, facts: Facts) -> None:
        """A line for people; where everything is JSON, one with these facts."""
        if self.form is LogFormat.JSON:
            self.log(facts)
            return
        from jobs.output.printable import shown

        self._print(shown(text))

    def _print(self, line: str) -> None:
        """That nobody can read it changes nothing of what was done."""
        with suppress(OSError):
            print(line, file=sys.stderr, flush=True)


_stderr = _Stderr()
_runs: dict[str, list[Facts]] = {}
"""Of the run under way, by its id, what has happened in it."""


class _Pipe(FileIO):
    """What is written after its reader has gone is lost; Windows calls that an invalid argument."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno not in (EPIPE, EINVAL):
                raise
            return memoryview(data).nbytes


def _is_pipe(stream: TextIOWrapper) -> bool:
    try:
        return S_ISFIFO(fstat(stream.fileno()).st_mode)
    except OSError:  # it is none of the system's files
        return False


def express_everything() -> None:
    """Makes of stdout and stderr what no command fails by.

    What an encoding has no letter for is a question mark, and Windows gets UTF-8 where there is no
    terminal, as all others do (PEP 686). Whoever reads stdout through a pipe may stop at any time,
    as ``head`` does: the command goes on to its own end, and ends with its own exit code.
    """
    if isinstance(sys.stdout, TextIOWrapper) and _is_pipe(sys.stdout):
        pipe = BufferedWriter(_Pipe(sys.stdout.fileno(), "wb", closefd=False))
        sys.stdout = TextIOWrapper(pipe, encoding=sys.stdout.encoding)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            utf_8 = sys.platform == "win32" and not stream.isatty()
            stream.reconfigure(encoding="utf-8" if utf_8 else None, errors="replace")


def set_detail(detail: Detail) -> None:
    """How much of all this is said from now on."""
    _stderr.detail = detail


def set_log_format(log_format: LogFormat | None) -> None:
    """How events are logged from now on; as JSON, so is all else on stderr. None: as it was."""
    _stderr.log_format = log_format


def quiet() -> bool:
    """Nothing is asked for but answers, and what somebody must see."""
    return _stderr.detail is Detail.QUIET


def tell(found: "Finding") -> None:
    """A finding, with its advice, on stderr; not with ``--quiet``, if it is information.

    In a log it names nobody: of a user or an account it has the id.
    """
    from reconciler.model.plan import Severity
    from reconciler.situations import SITUATIONS

    if quiet() and found.severity is Severity.INFORMATION:
        return
    said = f"{found.code}: {found.message} {found.advice}".strip()
    facts = {"event": "finding", "code": found.code, "text": said}
    if found.subject.kind in {"user", "account"}:
        facts["text"] = f"{SITUATIONS[found.code].title}. {found.advice}".strip()
        facts[found.subject.kind] = found.subject.id
    _stderr.say(said, facts)


def say(text: str) -> None:
    """One line on stderr that somebody must see."""
    _stderr.say(text, {"event": "message", "text": text})


def say_all(texts: Sequence[str]) -> None:
    """Lines on stderr, as many as are read at a glance; without a terminal all of them."""
    from jobs.output.excerpt import GLANCE, Excerpt

    shown = texts[:GLANCE] if sys.stderr.isatty() else texts
    for text in shown:
        say(text)
    if rest := Excerpt(lambda _: "the same command with 2> FILE").rest(len(shown), len(texts)):
        say(rest)


def remark(text: str) -> None:
    """One line on stderr that is good to know; not with ``--quiet``."""
    if not quiet():
        say(text)


def event(name: str, **facts: object) -> None:
    """What has happened, with its counts: a line of the log, where there is one."""
    happened: Facts = {"event": name, **facts}
    for run, events in _runs.items():
        happened = {"event": name, "run": run, **facts}
        events.append({**happened, "at": time()})
    if _stderr.form and not quiet():
        _stderr.log(happened)


@contextmanager
def events_of(run: str) -> Iterator[list[Facts]]:
    """Every event while it lasts, logged or not; each tells the run's id, and `at` when it was
    (seconds since 1970)."""
    events = _runs[run] = []
    try:
        yield events
    finally:
        del _runs[run]


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
