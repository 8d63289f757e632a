"""Guards over groups that were emptied and sets that were removed: what their people would lose."""

from collections.abc import Iterator

from reconciler.model.plan import Verdict
from reconciler.model.plural import Plural
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.groups import SET_REMOVED
from reconciler.situations.run import DIRECTORY_EMPTIED, GROUP_EMPTIED


def emptied_directory(evaluation: Evaluation) -> Verdict:
    """R6: no set's group has a member any more, while people hold seats and would lose them."""
    readable = [
        at for at in range(evaluation.judged.configured) if at not in evaluation.judged.frozen
    ]
    members = int(evaluation.facts.sizes[readable].sum())
    seats, accounts = evaluation.consequences.seats, evaluation.consequences.accounts
    if readable and not members and (seats.losing or accounts.losing):
        return guard_failed(DIRECTORY_EMPTIED, count=seats.now)
    return guard_passed(DIRECTORY_EMPTIED, f"The groups have {Plural(members):member|members}.")


def emptied_groups(evaluation: Evaluation) -> Iterator[Verdict]:
    """R7: a group that had members has none; what its set's people would lose is held."""
    for at, item in enumerate(evaluation.judged.sets[: evaluation.judged.configured]):
        losing = evaluation.consequences.sets[item.name].losing
        if losing and not evaluation.facts.sizes[at]:
            yield guard_failed(GROUP_EMPTIED, name=item.name, count=losing)


def removed_sets(evaluation: Evaluation) -> Iterator[Verdict]:
    """G13: a set is not configured any more; what its people would lose is held."""
    for removed in evaluation.judged.sets[evaluation.judged.configured :]:
        if losing := evaluation.consequences.sets[removed.name].losing:
            yield guard_failed(SET_REMOVED, name=removed.name, count=losing)
