"""Explain: why somebody has a seat or none, by the latest plan, or by reading everything now."""

from connectors.store.plans import LATEST
from jobs.context import Context
from jobs.leased_run import recorded
from jobs.output.exit_codes import Exit
from jobs.reading.read_and_evaluate import evaluate
from jobs.report.people import rows_of
from jobs.report.waiting import with_needs
from jobs.report.words import called, in_words, person, reason
from reconciler.model.plan import Finding, Plan, Subject
from reconciler.planning.user_explanation import (
    UserExplanation,
    explain_user,
    names_near,
    users_called,
)

Said = list[str]
"""Lines for a person."""


def explain_now(context: Context, text: str) -> tuple[Said, bool]:
    """Reads everything, changes nothing. Also says whether there is such a user.

    Raises:
        reconciler.no_plan.NoPlan: directory or vendor could not be read.
    """
    with recorded(context, "explain") as run:
        evaluation = evaluate(context)
        run.exit_code, run.summary = Exit.OK, "somebody was explained"
    found = users_called(evaluation, text)
    each = [_by_steps(explain_user(evaluation, person)) for person in found.tolist()]
    if each:
        return [line for lines in each for line in lines], True
    names = evaluation.facts.people.entra["userPrincipalName"].dropna()
    nobody = f"Neither Entra ID, as far as it was read, nor the vendor has a user {text}."
    return [nobody, *_offer(names_near(text, names))], False


def explain_by_plan(context: Context, text: str) -> tuple[Said, bool]:
    """By the latest plan alone. Also says whether it mentions such a user.

    Raises:
        connectors.store.errors.PlanNotFound: there is no plan yet.
    """
    plan = context.find_plan(LATEST)
    subjects = users_mentioned(plan)
    found = [one for one in subjects if is_called(plan, one, text)]
    if found:
        return [line for one in found for line in _by_plan(plan, one)], True
    near = names_near(text, [one.name for one in subjects])
    nobody = f"Plan {plan.id} mentions no user {text}. With --now everything is read again."
    return [nobody, *_offer(near)], False


def _by_steps(found: UserExplanation) -> Said:
    lines = [person(found.user.name, found.called)]
    for number, step in enumerate(found.steps, start=1):
        evidence = f" ({step.evidence})" if step.evidence else ""
        lines.append(f"{number} {step.step}: {step.found}{evidence}")
    deeds = [f"- {in_words(operation)}" for operation in found.operations]
    return [*lines, *deeds, *map(_told, found.findings)]


def users_mentioned(plan: Plan) -> list[Subject]:
    """Users and accounts, each once."""
    return [one for one in dict.fromkeys(plan.mentioned) if one.kind in {"user", "account"}]


def is_called(plan: Plan, subject: Subject, text: str) -> bool:
    """By id, user name or display name, whatever the case."""
    names = (subject.id, subject.name, called(plan, subject))
    return text.strip().casefold() in {name.casefold() for name in names if name}


def _by_plan(plan: Plan, subject: Subject) -> Said:
    who, made = person(subject.name, called(plan, subject)), plan.basis.planned_at
    lines = [f"{who}, by plan {plan.id} of {made:%Y-%m-%d %H:%M} UTC"]
    for row in rows_of(plan):
        if row.subject == subject:
            sets = "" if row.after is None else f": {', '.join(row.after) or 'no set'}"
            why = "; ".join(map(reason, row.reasons))
            lines.append(f"{'; '.join([row.effect + sets, *row.lines])}. {why}")
    lines += [
        f'Waits for "{entry.set}": place {entry.position} of {len(plan.waiting)}; needs {needs}'
        + (f", expected free on {entry.free_on}" if entry.free_on else "")
        + f". {reason(entry.code)}"
        for entry, needs in with_needs(plan)
        if entry.user == subject
    ]
    lines += [
        f'Keeps "{grace.set}" until {grace.until:%Y-%m-%d %H:%M} UTC.'
        for grace in plan.graces
        if grace.user == subject
    ]
    blocking = {
        product for entry in plan.waiting if entry.user == subject for product in entry.blocked_by
    }
    return lines + [
        _told(found)
        for found in plan.findings
        if found.subject == subject
        or (found.subject.kind == "product" and found.subject.name in blocking)
    ]


def _told(found: Finding) -> str:
    return " ".join(filter(None, [found.message, found.advice, f"({found.code})"]))


def _offer(near: list[str]) -> Said:
    return [f"Similar: {', '.join(near)}"] if near else []
