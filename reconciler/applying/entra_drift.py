"""Whether the plan would still be made: all its users are decided about once more (P4).

The rules are the same as for the plan; what they look at was read after it: presence, whether the
user is enabled, their group and all its members, attributes, the owner of the account. Where the
rules no longer ask for an operation, it is dropped, and with it all others for this user.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reconciler.columns import frames
from reconciler.columns.frames import cells
from reconciler.columns.table_joins import NOWHERE, is_in, locate, take
from reconciler.model.plan import Plan
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.operations import Attributes, attributes_in
from reconciler.situations.situation import Effect
from reconciler.situations.users import SEAT_RECLAIMED
from reconciler.undo.obstacle import left_as_is, obstacle
from reconciler.undo.previous_state import UserToday, users_today
from reconciler.undo.run_effects import RunEffect, run_effects_of


def source_drift(plan: Plan, now: Evaluation) -> dict[str, str]:
    """Per object id of a user for whom the rules no longer ask for what the plan does: why.

    `now` is decided from the directory and the vendor as they were just read, with every user of
    the plan. An undo goes against the groups, so for it only the obstacles to an undo are looked at
    again, and that it gives nothing to users who are gone or disabled.
    """
    effects = run_effects_of(plan.operations)
    found = _undoing(effects, now) if plan.undoes else _following(plan, effects, now)
    return {user: why for user, why in found if why}


def _undoing(effects: Sequence[RunEffect], now: Evaluation) -> Iterator[tuple[str, str]]:
    people = users_today(now.snapshot, {effect.subject.id for effect in effects})
    for effect in effects:
        user = effect.subject.id
        absent = people.get(user, UserToday()).absent if effect.gives else ""
        why = obstacle(now, user, (*effect.lost, *effect.gained))
        yield user, why or (f"the user {absent}" if absent else "")


@dataclass(frozen=True)
class _Today:
    """What the rules say of a user now. `wanted` is the set whose group they are in, "" for none;
    `absent` is as in `UserToday`, or that they are out of scope; `stays_active` as in `UserFacts`.
    """

    effect: int
    code: str
    wanted: str
    absent: str
    desired: Attributes
    account: str | None
    stays_active: bool


def _following(
    plan: Plan, effects: Sequence[RunEffect], now: Evaluation
) -> Iterator[tuple[str, str]]:
    reclaiming = {o.subject.id for o in plan.operations if o.reason == SEAT_RECLAIMED.code}
    today = _today([effect.subject.id for effect in effects], now)
    written: dict[str, Attributes] = {}
    for operation in plan.operations:
        if operation.after.attributes:
            written.setdefault(operation.subject.id, {}).update(operation.after.attributes)
    accounts = frames.column((effect.account for effect in effects), frames.TEXT)
    there = is_in(accounts, now.facts.accounts["account"])  # one that is gone is P3
    for effect, exists in zip(effects, there.tolist(), strict=True):
        user = effect.subject.id
        one = today.get(user)
        if one is None:
            yield user, "nothing could be read of the user"
        elif exists and one.account != effect.account:
            yield user, "the account is not the user's any more"
        elif effect.takes_all:
            yield user, _unused(one) if user in reclaiming else _taking(one, effect)
        else:
            yield user, _giving(one, effect, written.get(user, {}))


def _unused(one: _Today) -> str:
    """Why a seat is not taken back from somebody who did not use it, or ""."""
    if one.effect == Effect.KEEP:
        return left_as_is(one.code)
    return "the user is not called idle any more" if one.effect == Effect.GRANT else ""


def _taking(one: _Today, effect: RunEffect) -> str:
    """Why a plan that takes everything from the user no longer holds, or ""."""
    match one.effect:
        case Effect.KEEP:
            return left_as_is(one.code)
        case Effect.GRANT:
            return f'the user came back into "{one.wanted}"'
    if one.stays_active and effect.active_after is False:
        return "the account is in another group of the vendor now"
    return ""


def _giving(one: _Today, effect: RunEffect, written: Attributes) -> str:
    """Why a plan that leaves the user with a set or an account no longer holds, or ""."""
    match one.effect:
        case Effect.KEEP:
            return left_as_is(one.code)
        case Effect.DEPROVISION:
            return f"the user {one.absent or 'is in no group any more'}"
    if one.wanted in effect.lost:
        return f'the user came back into "{one.wanted}"'
    if effect.gained and one.wanted not in effect.gained:
        return f'the user is in "{one.wanted}" now'
    changed = [path for path, value in written.items() if one.desired.get(path) != value]
    return f"{', '.join(changed)} changed in Entra ID" if changed else ""


def _today(users: Sequence[str], now: Evaluation) -> dict[str, _Today]:
    """Per object id, without users of whom nothing was read."""
    facts, decisions = now.facts, now.decisions
    object_ids = facts.people.entra["id"]
    at = locate(frames.column(users, frames.TEXT), object_ids)
    at = at[at != NOWHERE]
    ids = cells(object_ids, at)
    people = users_today(now.snapshot, ids)
    desired = facts.desired
    said = attributes_in(desired, at, dict.fromkeys(desired, np.ones(len(at), dtype=bool)))
    out_of_scope = np.where(facts.people.scope.outside, "is out of scope now", "").tolist()
    account = facts.people.match.account[at]
    owned = iter(cells(facts.accounts["account"], account[account != NOWHERE]))
    names = np.array([item.name for item in now.judged.sets], dtype=object)
    wanted = take(names, facts.people.wanted[at], "").tolist()
    return {
        user: _Today(
            effect=int(decisions.effect[row]),
            code=now.kept.get(user) or str(decisions.exempted[row]),
            wanted=group,
            absent=people[user].absent or out_of_scope[row],
            desired=attributes,
            account=next(owned) if has else None,
            stays_active=bool(facts.people.stays_active[row]),
        )
        for user, row, group, attributes, has in zip(
            ids, at.tolist(), wanted, said, (account != NOWHERE).tolist(), strict=True
        )
    }
