"""The situations: what can be the case, what is done about it, and its texts.

A module per scope, with one row per situation. They are found elsewhere: by rules over the columns
of users (`reconciler.decisions`), by rules over one set (`reconciler.facts.set_rules`), by the
ledger, the findings and the guards of a plan, and by the jobs. Codes are stable and public: they
are in plans, reports and JSON, and in docs/situations.md, which is made from these rows.
"""

from msgspec.structs import replace

from reconciler.model.plan import Finding, Outcome, Subject, Verdict
from reconciler.situations import accounts, groups, plans, runs, seats, token, users, vendor
from reconciler.situations.situation import Default, Situation

RUN = Subject(kind="run", id="run", name="this run")

SITUATIONS: dict[str, Situation] = {
    row.code: row
    for scope in (runs, token, groups, users, accounts, seats, vendor, plans)
    for row in vars(scope).values()
    if isinstance(row, Situation)
}
"""All of them by code, in the order in which those of one severity are reported."""

_OUTCOMES = {Default.HOLD: Outcome.HELD, Default.BLOCK: Outcome.BLOCKED}


def finding(situation: Situation, subject: Subject, /, **facts: object) -> Finding:
    """The finding that the subject is in this situation; `facts` are those that it declares.

    Raises:
        TypeError: `facts` are not the declared ones.
    """
    message, advice = situation.texts(facts, of={"id": subject.id, "name": subject.name})
    return Finding(
        code=situation.code,
        severity=situation.severity,
        subject=subject,
        message=message,
        advice=advice,
    )


def titled(code: str) -> str:
    """A situation's code and title."""
    return f"{code} {SITUATIONS[code].title}"


def of_export(found: Finding) -> Finding:
    """The finding for a directory that is an export: its faults may need another advice."""
    advice = SITUATIONS[found.code].export_advice
    return replace(found, advice=advice) if advice else found


def guard_failed(situation: Situation, /, name: str = "", **facts: object) -> Verdict:
    """The verdict of a guard that objects; the situation's default says how strongly.

    `name` fills `{name}` in the texts.

    Raises:
        TypeError: `facts` are not those that the situation declares.
    """
    message, advice = situation.texts(facts, of={"name": name})
    outcome = _OUTCOMES.get(situation.default, Outcome.REFUSED)
    return Verdict(code=situation.code, outcome=outcome, message=message, advice=advice)


def guard_passed(
    situation: Situation, /, message: str, *, count: float = 0, limit: float = 0
) -> Verdict:
    """The verdict of a guard that does not object; the message has its numbers.

    `count` is what the plan comes to, of at most `limit`; nothing where it adds nothing.
    """
    used = round(count / limit, 2) if limit else 0.0
    return Verdict(
        code=situation.code, outcome=Outcome.PASSED, message=message, advice="", used=used
    )


def refusal(verdict: Verdict) -> Finding:
    """A verdict as the finding that stops an approval."""
    return Finding(
        code=verdict.code,
        severity=SITUATIONS[verdict.code].severity,
        subject=RUN,
        message=verdict.message,
        advice=verdict.advice,
    )
