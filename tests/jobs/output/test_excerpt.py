"""Of a long list some entries are shown, and it is said where all of them are."""

import sys

import pytest

from jobs.output.console import say_all
from jobs.output.excerpt import GLANCE, Excerpt


def where(count: int) -> str:
    return f"seatsync users --limit {count}"


@pytest.mark.parametrize(
    ("excerpt", "heights", "shown"),
    [
        (Excerpt(where), [1] * 30, GLANCE),
        (Excerpt(where), [3] * 30, 6),
        (Excerpt(where), [50, 1], 1),
        (Excerpt(where), [], 0),
        (Excerpt(where, lines=None), [3] * 30, 30),
    ],
)
def test_what_fits_is_shown_and_one_entry_in_any_case(
    excerpt: Excerpt, heights: list[int], shown: int
) -> None:
    assert excerpt.fitting(heights) == shown


@pytest.mark.parametrize(
    ("excerpt", "most"),
    [
        (Excerpt(where), GLANCE),
        (Excerpt(where, lines=None), None),
        (Excerpt(where, entries=31, lines=None), 31),
        (Excerpt(where, entries=3), 3),
    ],
)
def test_no_more_entries_need_to_be_looked_at(excerpt: Excerpt, most: int | None) -> None:
    assert excerpt.most == most


def test_what_is_left_out_is_counted() -> None:
    assert Excerpt(where).rest(20, 1_204) == (
        "... 1,184 more; all of them: seatsync users --limit 1204"
    )
    assert Excerpt(where).rest(20, 20) == ""


@pytest.mark.parametrize(("terminal", "said"), [(True, GLANCE + 1), (False, 30)])
def test_what_is_said_on_stderr_is_no_longer_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
    said: int,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    say_all([f"policy.limit{at}: this key is not known" for at in range(30)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == said
    assert lines[-1].startswith("... 10 more; all of them: ") is terminal
