"""The situations: what can be the case, what is done about it, and how it is told.

A module per scope. To add a situation, touch one of them: its text is a row of `SITUATIONS` there,
and what detects it is a row in the same file: a `Rule` over the columns of people in `users` and
`accounts`, over one set in `groups`. In each scope the first rule that holds decides, so the order
of the rows is the policy. Rules are evaluated on whole columns: a million people cost some
comparisons of columns. Situations of seats are found by the ledger, those of the run by the guards.
Codes are stable and public: they stand in reports, in JSON, and in docs/situations.md, which is
made from these rows.
"""

from msgspec.structs import replace

from reconciler.model.plan import Finding, Outcome, Subject, Verdict
from reconciler.model.plural import Plural
from reconciler.situations import accounts, groups, plans, run, seats, token, users, vendor
from reconciler.situations.situation import Default, Situation

RUN = Subject(kind="run", id="run", name="this run")

SITUATIONS: dict[str, Situation] = {
    situation.code: situation
    for scope in (run, token, groups, users, accounts, seats, vendor, plans)
    for situation in scope.SITUATIONS
}

_OUTCOMES = {Default.HOLD: Outcome.HELD, Default.BLOCK: Outcome.BLOCKED}


def finding(code: str, subject: Subject, **facts: object) -> Finding:
    """The finding of a situation; `facts` fill the texts, beside the subject's id and name."""
    situation = SITUATIONS[code]
    facts = {"id": subject.id, "name": subject.name, **_counted(facts)}
    return Finding(
        code=code,
        severity=situation.severity,
        subject=subject,
        message=situation.message.format_map(facts),
        advice=situation.advice.format_map(facts),
    )


def titled(code: str) -> str:
    """A situation's code and title."""
    return f"{code} {SITUATIONS[code].title}"


def of_export(found: Finding) -> Finding:
    """The finding as it is told where the directory is an export: a file is put right otherwise."""
    advice = SITUATIONS[found.code].export_advice
    return replace(found, advice=advice) if advice else found


def guard_failed(code: str, message: str = "", **facts: object) -> Verdict:
    """A guard's "no", with the weight of its situation's default; `message` replaces its text."""
    situation = SITUATIONS[code]
    return Verdict(
        code=code,
        outcome=_OUTCOMES.get(situation.default, Outcome.REFUSED),
        message=message or situation.message.format_map(_counted(facts)),
        advice=situation.advice,
    )


def _counted(facts: dict[str, object]) -> dict[str, object]:
    return {name: Plural(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}


def refusal(verdict: Verdict) -> Finding:
    """A verdict as the finding that stops an approval."""
    return Finding(
        code=verdict.code,
        severity=SITUATIONS[verdict.code].severity,
        subject=RUN,
        message=verdict.message,
        advice=verdict.advice,
    )


def guard_passed(code: str, message: str) -> Verdict:
    """A guard's "yes", with its numbers."""
    return Verdict(code=code, outcome=Outcome.PASSED, message=message, advice="")
