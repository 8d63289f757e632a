"""What `replay --json` prints: every plan that was made again, and caps."""

from msgspec import Struct

from jobs.output.rows.runs import ReplayRow
from jobs.replay import Replay, ReplayedPlan
from reconciler.model.plan import Plan
from reconciler.replay.caps import Caps


class CapsDocument(Struct, frozen=True, kw_only=True):
    """Caps of R9 by their names in `policy`. By them so many of all `purges` are held, and so many
    plans of all that were `wanted` and take something: false holds.
    """

    policy: dict[str, int | float]
    purges_held: int
    purges: int
    false_holds: int
    wanted: int


class ReplayDocument(Struct, frozen=True, kw_only=True):
    """Plans in their order, the caps that are configured, and those that the plans propose.

    `lost` are ids of plans that this version cannot make again; `unreadable` says why the older
    ones are not here.
    """

    plans: tuple[ReplayRow, ...]
    configured: CapsDocument
    proposed: CapsDocument
    lost: tuple[str, ...]
    unreadable: str


def replay_document(replay: Replay) -> ReplayDocument:
    """All of it."""
    return ReplayDocument(
        plans=tuple(map(_row, replay.plans)),
        configured=_caps(replay.configured),
        proposed=_caps(replay.proposed),
        lost=tuple(replay.lost),
        unreadable=replay.unreadable,
    )


def _row(one: ReplayedPlan) -> ReplayRow:
    replayed, then = one.replayed, one.replayed.then
    only_now = replayed.losing.keys() - replayed.losing_then.keys()
    return ReplayRow(
        made=then.basis.planned_at,
        plan=then.id,
        then=_decided(then),
        now="" if replayed.trouble else _decided(replayed.now),
        losing_then=len(replayed.losing_then),
        losing=len(replayed.losing),
        only_now=tuple(sorted(replayed.losing[user] for user in only_now)),
        became=one.became,
        reproduced=one.reproduced,
        trouble=replayed.trouble,
    )


def _decided(plan: Plan) -> str:
    if plan.objections:
        return ", ".join(dict.fromkeys(verdict.code for verdict in plan.objections))
    if plan.operations:
        return "passes"
    return "not decided" if plan.decides_nothing else "nothing to do"


def _caps(caps: Caps) -> CapsDocument:
    return CapsDocument(
        policy=dict(caps.values),
        purges_held=caps.held.purges,
        purges=caps.held.of_purges,
        false_holds=caps.held.wanted,
        wanted=caps.held.of_wanted,
    )
