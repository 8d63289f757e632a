"""What a plan comes to, in one sentence and a few numbers; every view uses these."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.report.people import Row, counted, rows_of
from jobs.report.state import AS_MADE, Stage, State
from jobs.report.words import notable
from reconciler.model.phrasing import Plural
from reconciler.model.plan import NOTHING_DECIDED, Kind, Outcome, Plan, Severity
from reconciler.situations import SITUATIONS
from reconciler.situations.plans import NO_CHANGES


@dataclass(frozen=True)
class Summary:
    """`headline` is for a person.

    `status` is nothing to do, waiting for review, held, blocked, not decided, or how far a plan has
    got since (`jobs.report.state.Stage`).
    """

    status: str
    headline: str
    operations: dict[str, int]
    findings: dict[str, int]
    waiting: int


def summarise(plan: Plan, state: State = AS_MADE, rows: Sequence[Row] | None = None) -> Summary:
    """Counts per kind of operation and per severity of finding, zeros left out.

    `rows` are the plan's, where they have been made already: of 100,000 operations they take a
    second.
    """
    kinds = Counter(str(operation.kind) for operation in plan.operations)
    severities = Counter(finding.severity.name.lower() for finding in plan.findings)
    status, headline = _standing(plan, state, rows_of(plan) if rows is None else rows)
    if plan.decides_nothing:
        headline = "; ".join([unread(plan), *([headline] if plan.operations else [])])
        status = status if plan.operations else "not decided"
    elif plan.undecided:
        headline += f"; {_undecided(plan)}"
    return Summary(
        status,
        headline,
        {str(kind): kinds[kind] for kind in Kind if kinds[kind]},
        {
            s.name.lower(): severities[s.name.lower()]
            for s in Severity
            if severities[s.name.lower()]
        },
        len(plan.waiting),
    )


def unread(plan: Plan) -> str:
    """R19: every summary of such a plan begins with it, whatever else there is."""
    return f"{SITUATIONS[NOTHING_DECIDED].title}: {_undecided(plan)}"


def _undecided(plan: Plan) -> str:
    return f"{Plural(len(plan.undecided)):set|sets} could not be decided about"


def _standing(plan: Plan, state: State, rows: Sequence[Row]) -> tuple[str, str]:
    """Status and headline of what the plan changes, and what became of it."""
    let_pass = not plan.objections or bool(state.use or state.approvals)
    done = state.done if state.use else None
    changes = counted(rows, would=not let_pass, done=done) or "nothing would change"
    if plan.undoes:
        changes += f", to take back run {plan.undoes}"
    if plan.only:
        changes += f", by a plan for {plan.only[0].name} alone"
    stage = state.stage(plan)
    if plan.objections:
        status, why = _objection(plan, let_pass=let_pass)
        if stage is Stage.WAITING:
            return status, f"{why}: {changes}"
        return str(stage), f"{why}: {changes}; {state.of(plan)}"
    if plan.operations:
        status = "waiting for review" if stage is Stage.WAITING else str(stage)
        return status, f"{changes}; {state.of(plan)}"
    if plan.undoes:
        return "nothing to do", f"Nothing of run {plan.undoes} can be taken back now"
    if plan.only:
        return "nothing to do", f"Nothing to do for {plan.only[0].name} now"
    if notable(plan) or plan.waiting:
        return "nothing to do", "Nothing to do now; some things need attention"
    return "nothing to do", NO_CHANGES.message.rstrip(".")


def _objection(plan: Plan, *, let_pass: bool) -> tuple[str, str]:
    """The status of a plan that guards object to, and what its headline begins with."""
    codes = dict.fromkeys(verdict.code for verdict in plan.objections)
    why = ", ".join(f"{SITUATIONS[code].title.lower()} ({code})" for code in codes)
    held = all(verdict.outcome is Outcome.HELD for verdict in plan.objections)
    status, word = ("held", "Held") if held else ("blocked", "Stopped")
    return status, f"Let pass in spite of {why}" if let_pass else f"{word}, {why}"
