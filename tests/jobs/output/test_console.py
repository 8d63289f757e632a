"""On stderr people read plain lines, and logs dated ones; a log has no names and no secrets."""

import json
import os
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

import pytest

from config.secret_redaction import forget, held
from jobs.output.console import (
    Detail,
    LogFormat,
    event,
    events_of,
    express_everything,
    print_bytes,
    print_line,
    say,
    set_detail,
    set_log_format,
    tell,
)
from reconciler.model.plan import Subject
from reconciler.situations import RUN, finding
from reconciler.situations.plans import NO_CHANGES, OUTCOME_UNKNOWN

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    set_detail(Detail.USUAL)
    set_log_format(None)


def logged(capsys: Captured) -> dict[str, object]:
    told = json.loads(capsys.readouterr().err)
    assert isinstance(told, dict)
    assert str(told.pop("at")).endswith("Z")
    return told


def test_an_event_is_logged_only_where_there_is_a_log(capsys: Captured) -> None:
    event("decide", operations=3)
    assert capsys.readouterr().err == ""
    set_log_format(LogFormat.TEXT)
    event("decide", operations=3, error="two words")
    assert capsys.readouterr().err.endswith('Z event=decide operations=3 error="two words"\n')


@pytest.mark.parametrize("detail", [Detail.USUAL, Detail.VERBOSE, Detail.QUIET])
def test_every_event_of_a_run_tells_its_id_and_is_collected(
    capsys: Captured, detail: Detail
) -> None:
    set_detail(detail)
    with events_of("8f2c") as events:
        event("decide", operations=3)
    (collected,) = events
    assert isinstance(collected["at"], float)
    assert collected == {
        "event": "decide",
        "run": "8f2c",
        "operations": 3,
        "at": collected["at"],
    }
    assert bool(capsys.readouterr().err) is (detail is Detail.VERBOSE)


def test_verbose_elsewhere_than_on_a_terminal_all_is_json(capsys: Captured) -> None:
    set_detail(Detail.VERBOSE)
    say("The disk is full.")
    assert logged(capsys) == {"event": "message", "text": "The disk is full."}


def test_quietly_only_what_somebody_must_see_is_said(capsys: Captured) -> None:
    set_detail(Detail.QUIET)
    set_log_format(LogFormat.JSON)
    event("decide")
    tell(finding(NO_CHANGES, RUN))
    assert capsys.readouterr().err == ""
    say("The disk is full.")
    assert logged(capsys)["text"] == "The disk is full."


def test_people_read_names_and_a_log_has_ids(capsys: Captured) -> None:
    ana = Subject(kind="user", id="object-id", name="ana@example.org")
    found = finding(OUTCOME_UNKNOWN, ana, why="timeout", outcome="done")
    tell(found)
    assert capsys.readouterr().err.startswith("P10: No answer came for ana@example.org (timeout)")
    set_log_format(LogFormat.JSON)
    tell(found)
    told = logged(capsys)
    assert (told["code"], told["user"]) == ("P10", "object-id")
    assert str(told["text"]).startswith("Outcome was not known. ")
    assert "ana" not in str(told)


@pytest.mark.parametrize("log_format", list(LogFormat))
def test_no_secret_and_no_control_character_is_logged(
    capsys: Captured, log_format: LogFormat
) -> None:
    set_log_format(log_format)
    event("read_vendor", error=f"Bearer {held('s3cret-token')}\x1b[2J")
    forget()
    told = capsys.readouterr().err
    assert "Bearer ***" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("platform", "encoding", "printed"),
    [
        ("linux", "latin-1", b"?id? M\xfcller\n"),
        ("linux", "utf-8", "⟨id⟩ Müller\n".encode()),
        ("win32", "cp1252", "⟨id⟩ Müller\n".encode()),  # a pipe or a file
    ],
)
def test_what_an_encoding_has_no_letter_for_ends_no_command(
    monkeypatch: pytest.MonkeyPatch, platform: str, encoding: str, printed: bytes
) -> None:
    stdout = TextIOWrapper(BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", stdout)
    monkeypatch.setattr("sys.platform", platform)
    express_everything()
    print_line("⟨id⟩ Müller")
    assert stdout.buffer.getvalue() == printed


def test_a_reader_that_stops_as_head_does_ends_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    stdout = TextIOWrapper(open(write_end, "wb"), encoding="utf-8")  # noqa: SIM115, PTH123
    monkeypatch.setattr("sys.stdout", stdout)
    express_everything()
    print_line("is read")
    assert os.read(read_end, 100) == b"is read\n"
    os.close(read_end)
    print_line("is not read")
    print_bytes(b"nor is this")
    stdout.close()
