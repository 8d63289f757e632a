"""What a plan comes to, in one sentence and a few numbers; every view uses these."""

from collections import Counter
from dataclasses import dataclass

from reconciler.model.names import describe_difference, looks
from reconciler.model.plan import NOTHING_DECIDED, Kind, Operation, Outcome, Plan, Severity
from reconciler.model.plural import Plural
from reconciler.situations import SITUATIONS
from reconciler.situations.plans import NO_CHANGES


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
    status, headline = _standing(plan)
    if plan.decides_nothing:
        headline = "; ".join([unread(plan), *([headline] if plan.operations else [])])
        status = status if plan.operations else "not decided"
    elif plan.undecided:
        headline += f": {_undecided(plan)}"
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


def _standing(plan: Plan) -> tuple[str, str]:
    """Status and headline of what the plan would do."""
    people = len({operation.subject.id for operation in plan.operations})
    changes = f"{Plural(len(plan.operations)):change|changes}"
    if plan.undoes:
        changes += f" to take back run {plan.undoes}"
    if plan.objections:
        codes = ", ".join(dict.fromkeys(verdict.code for verdict in plan.objections))
        held = all(verdict.outcome is Outcome.HELD for verdict in plan.objections)
        status = "held" if held else "blocked"
        return status, f"{status.title()} by {codes}: {changes} would be made"
    if plan.operations:
        who = f"{Plural(people):user or set|users and sets}"
        return "waiting for review", f"{changes} for {who} wait for review"
    if plan.undoes:
        return "nothing to do", f"Nothing of run {plan.undoes} can be taken back now"
    if plan.findings or plan.waiting:
        return "nothing to do", "Nothing to do now; some things need attention"
    return "nothing to do", NO_CHANGES.message.rstrip(".")


def in_words(operation: Operation) -> str:
    """What an operation does, as one would say it."""
    admin = ", which makes the user an admin" if operation.admin else ""
    return _deed(operation) + admin


def _deed(operation: Operation) -> str:
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
    """Two values that look alike are distinguished in words."""
    change = f"{before} \u2192 {after}"
    if looks(before) == looks(after):
        change += f" ({describe_difference(after, before)})"
    return change
