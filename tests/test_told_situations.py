"""Wherever a situation is told, it is with the facts that its row declares: read in the source."""

import ast
from pathlib import Path

from reconciler.situations import accounts, groups, plans, runs, seats, token, users, vendor
from reconciler.situations.situation import Situation

ROOT = Path(__file__).parents[1]
NAMED = {
    name: row
    for scope in (accounts, groups, plans, runs, seats, token, users, vendor)
    for name, row in vars(scope).items()
    if isinstance(row, Situation)
}
IMPLIED = {"finding": {"name"}, "guard_failed": {"name"}, "add": {"run"}}
"""Who tells situations, and what they say of each by themselves."""


def test_whoever_tells_a_situation_gives_the_facts_that_it_declares() -> None:
    told = [
        (f"{path.relative_to(ROOT)}:{call.lineno}", *found)
        for path in _sources()
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and (found := _told(call))
    ]
    assert len(told) > 80
    assert [at for at, given, declared in told if given != declared] == []


def _sources() -> list[Path]:
    rooms = ("reconciler", "jobs", "connectors")
    return [path for room in rooms for path in (ROOT / room).rglob("*.py")]


def _told(call: ast.Call) -> tuple[set[str], set[str]] | None:
    """The facts of a call that names its situation and all of them, and the declared ones."""
    told_by = getattr(call.func, "id", getattr(call.func, "attr", ""))
    situation = call.args and NAMED.get(getattr(call.args[0], "id", ""))
    given = {keyword.arg for keyword in call.keywords}
    if told_by not in IMPLIED or not situation or None in given:
        return None
    return {str(name) for name in given} - IMPLIED[told_by], {*situation.facts} - IMPLIED[told_by]
