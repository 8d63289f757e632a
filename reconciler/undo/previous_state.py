"""What an account was before a run, where it still is as the run left it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from reconciler.columns.frames import cells
from reconciler.columns.table_joins import is_in
from reconciler.model.plan import Subject
from reconciler.model.snapshot import Snapshot
from reconciler.undo.run_effects import Attributes, RunEffect


@dataclass(frozen=True)
class Account:
    """An account at the vendor today: its sets, whether it is active, its mapped attributes."""

    id: str
    sets: tuple[str, ...]
    active: bool
    attributes: Mapping[str, str | None]


@dataclass(frozen=True)
class UserToday:
    """A user in Entra today; `absent` says why they cannot be given anything, "" if they can."""

    sets: tuple[str, ...] = ()
    absent: str = "no longer exists in Entra ID"


@dataclass(frozen=True)
class PreviousState:
    """What is restored for one user. None and {} stand for what does not change.

    `keeps` are attributes (SCIM paths) that had no value before: they cannot be emptied again.
    `sets` and `active` are what the account has in the end, changed or not.
    """

    subject: Subject
    account: str
    sets_now: tuple[str, ...] | None = None
    sets_then: tuple[str, ...] | None = None
    active_then: bool | None = None
    now: Attributes = field(default_factory=dict)
    then: Attributes = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    active: bool = True

    @property
    def changes(self) -> bool:
        """Whether there is anything to restore."""
        return self.sets_then is not None or self.active_then is not None or bool(self.then)

    @property
    def gains(self) -> bool:
        """Whether the user is given a set or an active account."""
        return bool(self.sets_then) or self.active_then is True

    @property
    def in_several(self) -> bool:
        """Whether the account is, or was, in more sets than the one that the vendor allows."""
        return max(len(self.sets_now or ()), len(self.sets_then or ())) > 1

    @property
    def touched(self) -> tuple[str, ...]:
        """The sets that are left or joined."""
        return tuple(sorted({*(self.sets_now or ()), *(self.sets_then or ())}))


def changed_since(effect: RunEffect, accounts: Collection[Account]) -> str:
    """Why the account is neither as the run left it nor as it was before, or ""."""
    if len(accounts) != 1:
        number = "several accounts are" if accounts else "no account is"
        return f"{number} linked to the user now"
    (account,) = accounts
    if effect.account and account.id != effect.account:
        return "another account is linked to the user now"
    if effect.sets_after is not None and not _is_one_of(
        account.sets, (effect.sets_before, effect.sets_after)
    ):
        listed = ", ".join(f'"{name}"' for name in account.sets) or "no set"
        return f"the account is in {listed} now"
    for path, after in effect.after.items():
        if not _same(account.attributes.get(path), after, effect.before[path]):
            return f"{path} has been changed again"
    if (
        effect.active_after is None
        and not account.active
        and previous_state_of(effect, account).changes
    ):
        return "the account is inactive now"
    return ""


def previous_state_of(effect: RunEffect, account: Account) -> PreviousState:
    """What is still as the run left it, and was different before."""
    restores_sets = effect.sets_after is not None and set(account.sets) != set(
        effect.sets_before or ()
    )
    restores_active = effect.active_after is not None and account.active is not effect.active_before
    changed = [
        path
        for path, before in effect.before.items()
        if not _same(account.attributes.get(path), before)
    ]
    restored = [path for path in changed if effect.before[path] is not None]
    return PreviousState(
        subject=effect.subject,
        account=account.id,
        sets_now=account.sets if restores_sets else None,
        sets_then=tuple(sorted(effect.sets_before or ())) if restores_sets else None,
        active_then=effect.active_before if restores_active else None,
        now={path: account.attributes.get(path) for path in restored},
        then={path: effect.before[path] for path in restored},
        keeps=tuple(path for path in changed if effect.before[path] is None),
        sets=tuple(sorted(effect.sets_before or ())) if restores_sets else account.sets,
        active=effect.active_before is True if restores_active else account.active,
    )


def accounts_today(snapshot: Snapshot, users: Collection[str]) -> dict[str, list[Account]]:
    """Per object id of these users the accounts that have it as externalId."""
    target = snapshot.target
    theirs = target.accounts[is_in(target.accounts["externalId"], users)]
    held = target.holdings[is_in(target.holdings["account"], theirs["account"])]
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for account, name in zip(held["account"].tolist(), held["set"].tolist(), strict=True):
        sets[account].add(name)
    found: defaultdict[str, list[Account]] = defaultdict(list)
    columns = [name for name in theirs.columns if name not in {"account", "active"}]
    for account_id, active, attributes in zip(
        theirs["account"].tolist(),
        theirs["active"].fillna(True).tolist(),
        theirs[columns].astype(object).where(theirs[columns].notna(), None).to_dict("records"),
        strict=True,
    ):
        account = Account(
            account_id,
            tuple(sorted(sets[account_id])),
            bool(active),
            {str(path): value for path, value in attributes.items()},
        )
        found[attributes["externalId"]].append(account)
    return dict(found)


def users_today(snapshot: Snapshot, users: Collection[str]) -> dict[str, UserToday]:
    """Per object id of these users what Entra says of them."""
    directory = snapshot.directory
    people = directory.people[is_in(directory.people["id"], users)]
    members = directory.members[is_in(directory.members["id"], users)]
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for user, name in zip(members["id"].tolist(), members["set"].tolist(), strict=True):
        sets[user].add(name)
    rows = zip(
        people["id"].tolist(),
        people["presence"].tolist(),
        cells(people["accountEnabled"], np.arange(len(people))),
        strict=True,
    )
    return {
        user: UserToday(tuple(sorted(sets[user])), absence(presence, enabled))
        for user, presence, enabled in rows
    }


def absence(presence: str, enabled: bool | None) -> str:
    """Why a user cannot be given anything, or ""."""
    why = {
        "deleted": "was deleted in Entra ID",
        "gone": "no longer exists in Entra ID",
        "uncertain": "cannot be read in Entra ID",
    }
    if presence in why:
        return why[presence]
    if enabled is None:
        return "is not told by Entra ID to be enabled"
    return "" if enabled else "is disabled in Entra ID"


def _is_one_of(sets: tuple[str, ...], others: Collection[tuple[str, ...] | None]) -> bool:
    return any(set(sets) == set(other or ()) for other in others)


def _same(value: object, *others: object) -> bool:
    """Whether the value is one of the others; case is ignored, and None is the same as ""."""
    return str(value or "").casefold() in {str(other or "").casefold() for other in others}
