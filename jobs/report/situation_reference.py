"""The table of all situations, as documentation."""

from string import Formatter

from reconciler.situations import SITUATIONS
from reconciler.situations.situation import Situation

_WORDS = {"I": "information", "W": "warning", "E": "error", "B": "blocks"}


def situations_table() -> str:
    """Markdown: one row per situation, in the order of reports."""
    rows = "\n".join(_row(situation) for situation in SITUATIONS.values())
    return (
        "# Situations\n\n"
        "Everything that a plan can meet, with its stable code. In each scope the first row whose\n"
        "condition holds decides, so every user, account and set ends in exactly one situation.\n"
        "This page is made from `reconciler/situations/` by `make docs`.\n\n"
        "| code | situation | severity | what seatsync does | what it says | what to do next |\n"
        "|---|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def explained(code: str) -> str | None:
    """One situation in a few lines; None where there is no such code."""
    situation = SITUATIONS.get(code.upper())
    if situation is None:
        return None
    return (
        f"{situation.code} {situation.title} ({_WORDS[situation.severity]}): "
        f"{situation.default}.\n"
        f"  {_readable(situation.message)}\n  {_readable(situation.advice)}".rstrip()
    )


def _row(situation: Situation) -> str:
    cells = (
        situation.code,
        situation.title,
        _WORDS[situation.severity],
        situation.default,
        _readable(situation.message),
        _readable(situation.advice),
    )
    return f"| {' | '.join(cells)} |"


def _readable(text: str) -> str:
    """With names in brackets for what a run fills in."""
    parts = (said + _gap(name, words) for said, name, words, _ in Formatter().parse(text))
    return "".join(parts).replace("|", "\\|")


def _gap(name: str | None, words: str | None) -> str:
    """A fact's name, and the words for many of it (`reconciler.model.phrasing.Plural`)."""
    many = (words or "").partition("|")[2]
    return f"⟨{name.replace('_', ' ')}⟩ {many}".rstrip() if name else ""
