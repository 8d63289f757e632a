"""What was answered is data, and has none of our secrets in it."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from config.secret_redaction import held
from connectors.http.json_answer import json_of

TOKEN = "canary-token/of+24=chars"


@pytest.fixture(autouse=True)
def _token() -> None:
    held(TOKEN)


@pytest.mark.parametrize(
    "answer",
    [
        f'{{"a": ["{TOKEN}"]}}',
        f'\ufeff{{"a": ["{TOKEN}"]}}',
        '{"a": ["canary-token\\/of\\u002B24=chars"]}',
        '{{"a": ["{}"]}}'.format("".join(rf"\u{ord(c):04x}" for c in TOKEN)),
    ],
)
def test_a_secret_is_no_datum_however_it_was_escaped(answer: str) -> None:
    assert json_of(answer.encode()) == {"a": ["***"]}


def test_data_are_not_falsified_by_a_secret_that_is_a_word() -> None:
    held("Marketing")
    assert json_of(b'{"department": "Marketing"}') == {"department": "Marketing"}


@pytest.mark.parametrize("answer", [b"", b"<html>", b'{"a": ', b"[" * 300 + b"]" * 300])
def test_what_is_no_json_or_too_deep_to_be_any_is_nothing(answer: bytes) -> None:
    assert json_of(answer) is None


@pytest.fixture
def log() -> Iterator[StringIO]:
    written = StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger("library").addHandler(handler)
    yield written
    logging.getLogger("library").removeHandler(handler)


def test_a_library_logs_no_secret(log: StringIO) -> None:
    error = LookupError(TOKEN)
    logging.getLogger("library").error("with %s", {"Authorization": TOKEN}, exc_info=error)
    assert "LookupError: ***" in log.getvalue()
    assert TOKEN not in log.getvalue()
