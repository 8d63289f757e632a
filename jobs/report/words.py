"""Operations, reasons and severities, as one would say them."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from jobs.output.printable import shown
from jobs.report.attribute_names import attribute_name
from reconciler.idle.first_use import FirstUse
from reconciler.model.group_names import describe_difference, looks
from reconciler.model.phrasing import Plural
from reconciler.model.plan import (
    Finding,
    Kind,
    Operation,
    Plan,
    SeatLine,
    SetMembers,
    Severity,
    Subject,
    Verdict,
)
from reconciler.situations import SITUATIONS

WORDS = {
    Severity.INFORMATION: "Information",
    Severity.WARNING: "Warning",
    Severity.ERROR: "Error",
    Severity.BLOCK: "Blocks",
}


def called(plan: Plan, subject: Subject) -> str:
    """Somebody's displayName, where it says more than their name does; else nothing."""
    name = shown(plan.display_names.get(subject.id, ""))
    return "" if name == shown(subject.name) else name


def person(name: str, called: str) -> str:
    """Somebody in a line. The user name first: anybody may be called like somebody else."""
    return f"{name} ({called})" if called else name


def notable(plan: Plan) -> list[Finding]:
    """What needs somebody's attention: all findings but information."""
    return [found for found in plan.findings if found.severity is not Severity.INFORMATION]


def members_in_words(members: SetMembers) -> str:
    """The sum: ``41 members: 38 people; Disabled in Entra (U9): 1; Guest (U13): 2``."""
    every = Plural(members.people + sum(members.others.values()))
    others = [
        f"{reason(code)}: {members.others[code]:,}" for code in SITUATIONS if code in members.others
    ]
    return "; ".join([f"{every:member|members}: {Plural(members.people):person|people}", *others])


def judgement(verdict: Verdict) -> str:
    """What a guard says of this plan, without the sentence that it says of all that it stops."""
    general, dot, _ = SITUATIONS[verdict.code].message.partition("{")[0].rpartition(". ")
    return verdict.message.removeprefix(f"{general}{dot}")


def approving(plan: Plan) -> str:
    """The command that lets a plan pass, in spite of the guards that can be overridden."""
    overrides = [f"--override {one.code} " for one in plan.objections if one.overridable]
    return f'seatsync approve {plan.id} {"".join(overrides)}--reason "..."'


def not_begun_in_words(operations: Sequence[Operation]) -> str:
    """Such as "48 operations of 24 people were not begun"; nothing where there are none."""
    if not operations:
        return ""
    people = Plural(len({one.subject.id for one in operations if one.subject.kind == "user"}))
    whose = f" of {people:person|people}" if people else ""
    were = "was" if len(operations) == 1 else "were"
    return f"{Plural(len(operations)):operation|operations}{whose} {were} not begun"


def seats_left(line: SeatLine) -> str:
    """A warning, where whoever joins next gets no seat of this product; else nothing."""
    if line.purchased is None or line.free:
        return ""
    if over := line.used_after - line.purchased:
        return f"{over:,} too few; whoever joins next waits"
    if line.waiting:
        return f"none left; {Plural(line.waiting):person waits|people wait}"
    return "none left; whoever joins next waits"


def first_use_in_words(known: FirstUse) -> str:
    """How soon seats of a product that were granted are used; "" where nothing is known of it."""
    said = []
    if known.median_days is not None:
        said.append(f"first used after {known.median_days:g} days (median)")
    if known.never_used is not None:
        said.append(f"{100 * known.never_used:.0f} % never used")
    return f"Seats that were granted: {', '.join(said)}" if said else ""


def by_code(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Those of one severity and code together, in their order."""
    return [list(same) for _, same in groupby(findings, key=attrgetter("severity", "code"))]


def reason(code: str) -> str:
    """A situation's title, with its code after it."""
    return f"{SITUATIONS[code].title} ({code})"


def in_words(operation: Operation) -> str:
    """What an operation does, as one would say it."""
    admin = ", which makes the user an admin" if operation.admin else ""
    return _deed(operation) + admin


def _deed(operation: Operation) -> str:
    match operation.kind:
        case Kind.CREATE_SET_GROUP:
            return "the set's group is created at the vendor"
        case Kind.CREATE_ACCOUNT:
            return "gets an account"
        case Kind.UPDATE_ACCOUNT:
            return f"is updated: {'; '.join(changed_attributes(operation))}"
        case Kind.LINK:
            return "the existing account is linked to the Entra user"
        case Kind.REACTIVATE_ACCOUNT:
            return "their account at the vendor is reactivated"
        case Kind.DEACTIVATE_ACCOUNT:
            return "their account at the vendor is deactivated"
        case Kind.GRANT:
            return f"joins {', '.join(operation.gained)}"
        case Kind.REVOKE:
            return f"leaves {', '.join(operation.lost)}"
        case Kind.MOVE:
            return f"moves from {', '.join(operation.lost)} to {', '.join(operation.gained)}"


def changed_attributes(operation: Operation) -> list[str]:
    """One line for each: no value can pass for a second change."""
    before = operation.before.attributes or {}
    return [
        f"{attribute_name(path)}: {_change(_value(before.get(path)), _value(value))}"
        for path, value in sorted((operation.after.attributes or {}).items())
    ]


def _value(value: str | bool | None) -> str:
    return "(absent)" if value is None else str(value)


def _change(before: str, after: str) -> str:
    """Two values that look alike are distinguished in words."""
    change = f"{before} \u2192 {after}"
    if looks(before) == looks(after):
        change += f" ({describe_difference(after, before)})"
    return change
