"""Replay: what these settings would have done at each plan that was made since a day.

Read alone: nothing is planned, and nothing kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jobs.context import Context
from jobs.output.stage import stage
from reconciler.model.plan_input import PlanInput
from reconciler.no_plan import NoPlan
from reconciler.replay.became import Became, became
from reconciler.replay.caps import Caps, caps_of, propose_caps
from reconciler.replay.replay import Replayed, replay


@dataclass(frozen=True)
class ReplayedPlan:
    """A plan that was made again. `reproduced`: with the settings of then it is what it was."""

    replayed: Replayed
    reproduced: bool
    became: Became


@dataclass(frozen=True)
class Replay:
    """All of them in their order, and the caps of R9: as they are configured, and as proposed.

    `lost` are ids of plans that this version of seatsync cannot make again. `unreadable` says why
    older ones are not here, where the store has them and they cannot be read.
    """

    plans: Sequence[ReplayedPlan]
    configured: Caps
    proposed: Caps
    lost: Sequence[str] = ()
    unreadable: str = ""


def replay_since(context: Context, time: datetime) -> Replay:
    """Every plan for everybody of that time or later, as far as its input was kept."""
    with context.store.transaction() as tx:
        inputs, records = tx.plan_inputs.since(time), tx.plans.made_since(time)
    made: list[Replayed] = []
    lost: list[str] = []
    unreadable = ""
    with stage("replay", "Making plans again", len(records)) as working:
        try:
            for plan_input in inputs:
                _make_again(context, plan_input, made, lost)
                working.advance(1)
        except ValueError as error:
            unreadable = str(error)
        working.count(plans=len(made))
    made.reverse()
    digests = {record.id: record.digest for record in records}
    applied = {record.id: record.used_by for record in records if record.used_by}
    undone = {record.undoes for record in records if record.used_by and record.undoes}
    ends = list(became([one.then for one in made], applied, undone))
    wanted, purges = (
        [
            one.consequences
            for one, end in zip(made, ends, strict=True)
            if end is kind and one.losing and not one.trouble
        ]
        for kind in (Became.CARRIED_OUT, Became.PURGE)
    )
    policy = context.settings.policy
    return Replay(
        [
            ReplayedPlan(one, one.then.digest == digests[one.then.id], end)
            for one, end in zip(made, ends, strict=True)
        ],
        caps_of(policy, wanted, purges),
        propose_caps(policy, wanted, purges),
        lost,
        unreadable,
    )


def _make_again(
    context: Context, plan_input: PlanInput, made: list[Replayed], lost: list[str]
) -> None:
    try:
        made.append(replay(plan_input, context.settings))
    except (ValueError, NoPlan):
        lost.append(plan_input.plan_context.plan_id)
