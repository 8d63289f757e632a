"""What a plan does to people: one row for each, whoever loses something first."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
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
    LINKED = "linked"
    UPDATED = "updated"
    SET = "new group"
    STAYS = "stays as is"


_COUNTED = {
    Effect.LOSES: ("loses a seat|lose a seat", "would lose a seat", "lost a seat"),
    Effect.MOVES: ("moves|move", "would move", "moved"),
    Effect.GAINS: ("gets a seat|get a seat", "would get a seat", "got a seat"),
    Effect.ACCOUNT: (
        "gets an account, but no seat|get an account, but no seat",
        "would get an account, but no seat",
        "got an account, but no seat",
    ),
    Effect.LINKED: (
        "is linked to an account|are linked to accounts",
        "would be linked to an account|would be linked to accounts",
        "was linked to an account|were linked to accounts",
    ),
    Effect.UPDATED: ("is updated|are updated", "would be updated", "was updated|were updated"),
    Effect.SET: (
        "set gets its group|sets get their groups",
        "set would get its group|sets would get their groups",
        "set got its group|sets got their groups",
    ),
}
"""What one or several do, what they would do, and what they did."""


ADMIN = "becomes an admin of the portal"


@dataclass(frozen=True)
class Row:
    """One user, or a set whose group is made.

    `called` is the displayName, "" where there is none. `before` and `after` are the sets now and
    then, None where these do not change; `frees` and `takes` are products. `deeds` say what else
    happens, and `changed` one attribute each. `reasons` are situation codes.
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
    operations: tuple[Operation, ...]

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

    def results(self, found: Mapping[int, tuple[str, str]]) -> list[tuple[str, str]]:
        """A result and its words: "done" for all of its operations, or what each came to, such as
        "leaves Sales Team: failed: 400 no such group".
        """
        ended = [(one, found[one.index]) for one in self.operations if one.index in found]
        alike = len({ending for _, ending in ended}) == 1
        told = (
            (result, ": ".join(filter(None, ["" if alike else in_words(one), result, detail])))
            for one, (result, detail) in ended
        )
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


def counted(
    rows: Sequence[Row], *, would: bool = False, done: Collection[int] | None = None
) -> str:
    """How many people there are of each effect: "3 people lose a seat, 1 moves"; of what is not let
    pass, "3 people would lose a seat"; and where operations of these indices are `done`, "2 of 3
    people lost a seat, 1 moved".
    """
    parts: list[str] = []
    for effect, (does, would_do, did) in _COUNTED.items():
        theirs = [row for row in rows if row.effect is effect]
        if not theirs:
            continue
        words = would_do if would else does if done is None else did
        one, _, many = words.partition("|")
        many = many or one
        if not parts and effect is not Effect.SET:
            one, many = f"person {one}", f"people {many}"
        count = format(Plural(len(theirs)), f"{one}|{many}")
        if done is not None:
            ended = sum(all(step.index in done for step in row.operations) for row in theirs)
            count = count if ended == len(theirs) else f"{ended:,} of {count}"
        parts.append(count)
    return ", ".join(parts)


def _row(plan: Plan, operations: Sequence[Operation]) -> Row:
    subject = operations[0].subject
    kinds = [operation.kind for operation in operations]  # derived anew each time
    moving = [operation for operation in operations if operation.before.sets is not None]
    before = _sets(moving[0].before.sets) if moving else None
    after = _sets(moving[-1].after.sets) if moving else None
    frees = {product for operation in operations for product in operation.frees}
    takes = {product for operation in operations for product in operation.takes}
    return Row(
        subject=subject,
        called=called(plan, subject),
        effect=_effect(set(kinds), before or (), after or ()),
        before=before,
        after=after,
        frees=tuple(sorted(frees - takes)),
        takes=tuple(sorted(takes - frees)),
        deeds=tuple(
            deed
            for operation, kind in zip(operations, kinds, strict=True)
            for deed in _deeds(operation, kind)
        ),
        changed=tuple(
            line
            for operation, kind in zip(operations, kinds, strict=True)
            if kind is Kind.UPDATE_ACCOUNT
            for line in changed_attributes(operation)
        ),
        reasons=tuple(dict.fromkeys(operation.reason for operation in operations)),
        operations=tuple(operations),
    )


def _sets(names: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(sorted(names or ()))


def _effect(kinds: Set[Kind], before: tuple[str, ...], after: tuple[str, ...]) -> Effect:
    lost, gained = set(before) - set(after), set(after) - set(before)
    if Kind.CREATE_SET_GROUP in kinds:
        return Effect.SET
    if lost and gained:
        return Effect.MOVES
    if lost or Kind.DEACTIVATE_ACCOUNT in kinds:
        return Effect.LOSES
    if gained:
        return Effect.GAINS
    if kinds & {Kind.CREATE_ACCOUNT, Kind.REACTIVATE_ACCOUNT}:
        return Effect.ACCOUNT
    return Effect.LINKED if Kind.LINK in kinds else Effect.UPDATED


def _deeds(operation: Operation, kind: Kind) -> Iterator[str]:
    if operation.before.sets is None and kind is not Kind.UPDATE_ACCOUNT:
        yield in_words(operation)
    if operation.admin and operation.before.sets is not None:
        yield ADMIN
