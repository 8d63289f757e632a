"""What a plan comes to, in one sentence and a few numbers; every view uses these."""

from collections import Counter
from dataclasses import dataclass

from reconciler.model.plan import NOTHING_DECIDED, Kind, Operation, Outcome, Plan, Severity
from reconciler.names import describe_difference, looks
from reconciler.situations import SITUATIONS
from reconciler.wording import Count


@dataclass(frozen=True)
class Summary:
    """`headline` is for a person.

    `status` is nothing to do, waiting for review, held, blocked, or not decided.
    """

    status: str
    headline: str
    operations: dict[str, int]
    findings: dict[str, int]
    waiting: int


def summarise(plan: Plan) -> Summary:
    """Counts per kind of operation and per severity of finding, zeros left out."""
    kinds = Counter(str(operation.kind) for operation in plan.operations)
    severities = Counter(finding.severity.name.lower() for finding in plan.findings)
    people = len({operation.subject.id for operation in plan.operations})
    changes = f"{Count(len(plan.operations)):change|changes}"
    if plan.undoes:
        changes += f" to take back run {plan.undoes}"
    if plan.decides_nothing and not plan.operations:
        status, headline = "not decided", SITUATIONS[NOTHING_DECIDED].title
    elif plan.objections:
        codes = ", ".join(dict.fromkeys(verdict.code for verdict in plan.objections))
        held = all(verdict.outcome is Outcome.HELD for verdict in plan.objections)
        status = "held" if held else "blocked"
        headline = f"{status.title()} by {codes}: {changes} would be made"
    elif plan.operations:
        status = "waiting for review"
        headline = f"{changes} for {Count(people):user or set|users and sets} wait for review"
    elif plan.undoes:
        status, headline = "nothing to do", f"Nothing of run {plan.undoes} can be taken back now"
    else:
        status, headline = "nothing to do", SITUATIONS["P1"].message.rstrip(".")
        if plan.findings or plan.waiting:
            headline = "Nothing to do now; some things need attention"
    if plan.undecided:
        sets = Count(len(plan.undecided))
        headline += f": {sets:set|sets} could not be decided about"
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


def in_words(operation: Operation) -> str:
    """What an operation does, as one would say it."""
    lost, gained = ", ".join(operation.lost), ", ".join(operation.gained)
    match operation.kind:
        case Kind.CREATE_SET_GROUP:
            return "the set's group is created at the vendor"
        case Kind.CREATE_ACCOUNT:
            return "gets an account"
        case Kind.UPDATE_ACCOUNT:
            return f"is updated: {_changes(operation)}"
        case Kind.LINK:
            return "the existing account is linked to the Entra user"
        case Kind.REACTIVATE_ACCOUNT:
            return "the account is reactivated"
        case Kind.DEACTIVATE_ACCOUNT:
            return "the account is deactivated"
        case Kind.GRANT:
            return f"joins {gained}"
        case Kind.REVOKE:
            return f"leaves {lost}"
        case Kind.MOVE:
            return f"moves from {lost} to {gained}"


def _changes(operation: Operation) -> str:
    before = operation.before.attributes or {}
    return ", ".join(
        f"{path} {_change(str(before.get(path, '(absent)')), str(value))}"
        for path, value in sorted((operation.after.attributes or {}).items())
    )


def _change(before: str, after: str) -> str:
    """Two values that look alike are told apart in words."""
    change = f"{before} \u2192 {after}"
    if looks(before) == looks(after):
        change += f" ({describe_difference(after, before)})"
    return change
