"""People who stay as they are although there is something to say about them: one row for each."""

from jobs.report.people import Effect, Row
from jobs.report.waiting import with_needs
from jobs.report.words import called
from reconciler.model.plan import Plan, Subject

Said = tuple[str, str]
"""A situation's code, and what it says of somebody."""


def staying(plan: Plan) -> list[Row]:
    """Users and accounts without an operation: who wait, in the order of their places; then those
    of whom something was found, by name.
    """
    changed = {operation.subject for operation in plan.operations}
    waits = {entry.user: entry.code for entry in plan.waiting}
    places = {entry.user: entry.position for entry in plan.waiting}
    said: dict[Subject, list[Said]] = {}
    for entry, needs in with_needs(plan):
        place = f"waits for {entry.set}, place {entry.position:,}: needs {needs}"
        said.setdefault(entry.user, []).append((entry.code, place))
    for found in plan.findings:
        one = found.subject
        if one.kind in {"user", "account"} and waits.get(one) != found.code:
            message = _without_name(found.message, one.name)
            said.setdefault(one, []).append((found.code, message))
    rows = (_row(plan, one, texts) for one, texts in said.items() if one not in changed)
    return sorted(
        rows,
        key=lambda row: (
            places.get(row.subject, len(places) + 1),
            row.subject.name.casefold(),
            row.subject.id,
        ),
    )


def _row(plan: Plan, subject: Subject, said: list[Said]) -> Row:
    return Row(
        subject=subject,
        called=called(plan, subject),
        effect=Effect.STAYS,
        before=None,
        after=None,
        frees=(),
        takes=(),
        deeds=tuple(text for _, text in said),
        changed=(),
        reasons=tuple(dict.fromkeys(code for code, _ in said)),
        operations=(),
    )


def _without_name(message: str, name: str) -> str:
    """The row has the name; what is said of several people alike reads the same without it."""
    return message.removeprefix(f"{name} ") if name else message
