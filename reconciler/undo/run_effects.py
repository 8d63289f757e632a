"""What a run did, or a plan would do, to each account: all its operations together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.model.plan import Kind, Operation, Subject

Attributes = dict[str, str | bool | None]


@dataclass
class RunEffect:
    """One user's account before the run and after it; None where the run changed nothing.

    A created account counts as one that was inactive before, since accounts are never deleted.
    `linked`: its externalId was changed. `before` and `after` have the changed attributes by SCIM
    path, None for an absent value.
    """

    subject: Subject
    account: str | None = None
    linked: bool = False
    sets_before: tuple[str, ...] | None = None
    sets_after: tuple[str, ...] | None = None
    active_before: bool | None = None
    active_after: bool | None = None
    before: Attributes = field(default_factory=dict)
    after: Attributes = field(default_factory=dict)

    @property
    def lost(self) -> tuple[str, ...]:
        """The sets that the account was in, and is not in afterwards."""
        return tuple(sorted(set(self.sets_before or ()) - set(self.sets_after or ())))

    @property
    def gained(self) -> tuple[str, ...]:
        """The sets that the account is in afterwards, and was not."""
        return tuple(sorted(set(self.sets_after or ()) - set(self.sets_before or ())))

    @property
    def gives(self) -> bool:
        """Whether the user has a set or an active account in the end."""
        return bool(self.sets_after) or self.active_after is True

    @property
    def takes_all(self) -> bool:
        """Whether the user has no set, or an inactive account, in the end."""
        return self.sets_after == () or self.active_after is False

    def add(self, operation: Operation) -> None:
        """Adds the next operation on the same account."""
        self.account = operation.account or self.account
        match operation.kind:
            case Kind.CREATE_ACCOUNT:
                self._switch(before=False, after=True)
            case Kind.REACTIVATE_ACCOUNT | Kind.DEACTIVATE_ACCOUNT:
                self._switch(
                    before=bool(operation.before.active), after=bool(operation.after.active)
                )
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                if self.sets_before is None:
                    self.sets_before = operation.before.sets
                self.sets_after = operation.after.sets
            case Kind.LINK:
                self.linked = True
            case Kind.UPDATE_ACCOUNT:
                self._change(operation.before.attributes or {}, operation.after.attributes or {})

    def _switch(self, *, before: bool, after: bool) -> None:
        self.active_before = before if self.active_before is None else self.active_before
        self.active_after = after

    def _change(
        self, old: Mapping[str, str | bool | None], new: Mapping[str, str | bool | None]
    ) -> None:
        for path, value in new.items():
            self.before.setdefault(path, old.get(path))
            self.after[path] = value


def run_effects_of(done: Iterable[Operation]) -> tuple[RunEffect, ...]:
    """One per user, in the order of their first operations; without the creation of groups."""
    effects: dict[str, RunEffect] = {}
    for operation in done:
        if operation.kind is not Kind.CREATE_SET_GROUP:
            effects.setdefault(operation.subject.id, RunEffect(operation.subject)).add(operation)
    return tuple(effects.values())
