"""What a plan does to people: one row for each, whoever loses something first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jobs.report.words import called, changed_attributes, in_words, person, reason
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Kind, Operation, Plan, Subject


class Effect(StrEnum):
    """What it comes to for somebody, in the order of the rows. SET: a set's group is made; STAYS:
    nothing is done (`jobs.report.staying`).
    """

    LOSES = "loses a seat"
    MOVES = "moves"
    GAINS = "gets a seat"
    ACCOUNT = "account"
    UPDATED = "updated"
    SET = "new group"
    STAYS = "stays as is"


_COUNTED = {
    Effect.LOSES: ("loses a seat", "lose a seat", "lose a seat"),
    Effect.MOVES: ("moves", "move", "move"),
    Effect.GAINS: ("gets a seat", "get a seat", "get a seat"),
    Effect.ACCOUNT: (
        "gets an account or a link alone",
        "get an account or a link alone",
        "get an account or a link alone",
    ),
    Effect.UPDATED: ("is updated", "are updated", "be updated"),
}
"""Of one, of several, and what they would do."""


ADMIN = "becomes an admin of the portal"


@dataclass(frozen=True)
class Row:
    """One user, or a set whose group is made.

    `called` is the displayName, "" where there is none. `before` and `after` are the sets now and
    then, None where these do not change; `frees` and `takes` are products. `deeds` say what else
    happens, and `changed` one attribute each. `reasons` are situation codes, `operations` the
    indices.
    """

    subject: Subject
    called: str
    effect: Effect
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    frees: tuple[str, ...]
    takes: tuple[str, ...]
    deeds: tuple[str, ...]
    changed: tuple[str, ...]
    reasons: tuple[str, ...]
    operations: tuple[int, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What happens beside the move: no value of an attribute can pass for another line."""
        return (*self.deeds, *self.changed)

    @property
    def admin(self) -> bool:
        """Whether they become an admin of the portal."""
        return ADMIN in self.deeds

    @property
    def cells(self) -> tuple[str, ...]:
        """What, who, now, then and why, for a table in words."""
        before, after = (
            "" if sets is None else ", ".join(sets) or "no set"
            for sets in (self.before, self.after)
        )
        then = "; ".join([*([after] if after else []), *self.lines])
        why = "; ".join(map(reason, self.reasons))
        return self.effect.value, person(self.subject.name, self.called), before, then, why

    def results(self, found: Mapping[int, tuple[str, str]]) -> list[str]:
        """What its operations came to, each result once: "done", "failed: 400 no such group"."""
        told = [": ".join(filter(None, found[at])) for at in self.operations if at in found]
        return list(dict.fromkeys(told))


def rows_of(plan: Plan) -> list[Row]:
    """By effect, those who become admins first, then by name."""
    by_subject: dict[tuple[str, str], list[Operation]] = {}
    for operation in plan.operations:
        by_subject.setdefault((operation.subject.kind, operation.subject.id), []).append(operation)
    order = {effect: at for at, effect in enumerate(Effect)}
    return sorted(
        (_row(plan, operations) for operations in by_subject.values()),
        key=lambda row: (
            order[row.effect],
            not row.admin,
            row.subject.name.casefold(),
            row.subject.id,
        ),
    )


def counted(rows: Sequence[Row], *, would: bool = False) -> str:
    """How many people there are of each effect: "3 people lose a seat, 1 moves"; or, of what is not
    let pass, "3 people would lose a seat, 1 move".
    """
    parts: list[str] = []
    for effect, (one, many, bare) in _COUNTED.items():
        if count := sum(row.effect is effect for row in rows):
            if would:
                one = many = bare if parts else f"would {bare}"
            if not parts:
                one, many = f"person {one}", f"people {many}"
            parts.append(format(Plural(count), f"{one}|{many}"))
    if groups := sum(row.effect is Effect.SET for row in rows):
        if would:
            words = "set would get its group|sets would get their groups"
        else:
            words = "set gets its group|sets get their groups"
        parts.append(format(Plural(groups), words))
    return ", ".join(parts)


def _row(plan: Plan, operations: Sequence[Operation]) -> Row:
    subject = operations[0].subject
    moving = [operation for operation in operations if operation.before.sets is not None]
    before = _sets(moving[0].before.sets) if moving else None
    after = _sets(moving[-1].after.sets) if moving else None
    frees = {product for operation in operations for product in operation.frees}
    takes = {product for operation in operations for product in operation.takes}
    return Row(
        subject=subject,
        called=called(plan, subject),
        effect=_effect(operations, before or (), after or ()),
        before=before,
        after=after,
        frees=tuple(sorted(frees - takes)),
        takes=tuple(sorted(takes - frees)),
        deeds=tuple(deed for operation in operations for deed in _deeds(operation)),
        changed=tuple(
            line
            for operation in operations
            if operation.kind is Kind.UPDATE_ACCOUNT
            for line in changed_attributes(operation)
        ),
        reasons=tuple(dict.fromkeys(operation.reason for operation in operations)),
        operations=tuple(operation.index for operation in operations),
    )


def _sets(names: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(sorted(names or ()))


def _effect(
    operations: Sequence[Operation], before: tuple[str, ...], after: tuple[str, ...]
) -> Effect:
    kinds = {operation.kind for operation in operations}
    lost, gained = set(before) - set(after), set(after) - set(before)
    if Kind.CREATE_SET_GROUP in kinds:
        return Effect.SET
    if lost and gained:
        return Effect.MOVES
    if lost or Kind.DEACTIVATE_ACCOUNT in kinds:
        return Effect.LOSES
    if gained:
        return Effect.GAINS
    return Effect.UPDATED if kinds == {Kind.UPDATE_ACCOUNT} else Effect.ACCOUNT


def _deeds(operation: Operation) -> Iterator[str]:
    if operation.before.sets is None and operation.kind is not Kind.UPDATE_ACCOUNT:
        yield in_words(operation)
    if operation.admin and operation.before.sets is not None:
        yield ADMIN
