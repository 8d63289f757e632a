"""Guards over groups that were emptied and sets that were removed: what their people would lose."""

from collections.abc import Iterator

from reconciler.model.plan import Verdict
from reconciler.model.plural import Count
from reconciler.planning.evaluation import Draft
from reconciler.situations import consent, objection


def emptied_directory(draft: Draft) -> Verdict:
    """R6: no set's group has a member any more, while people hold seats and would lose them."""
    readable = [at for at in range(draft.judged.configured) if at not in draft.judged.frozen]
    members = int(draft.subjects.sizes[readable].sum())
    seats, accounts = draft.consequences.seats, draft.consequences.accounts
    if readable and not members and (seats.losing or accounts.losing):
        return objection("R6", count=seats.now)
    return consent("R6", f"The groups have {Count(members):member|members}.")


def emptied_groups(draft: Draft) -> Iterator[Verdict]:
    """R7: a group that had members has none; what its set's people would lose is held."""
    for at, item in enumerate(draft.judged.sets[: draft.judged.configured]):
        losing = draft.consequences.sets[item.name].losing
        if losing and not draft.subjects.sizes[at]:
            yield objection("R7", name=item.name, count=losing)


def removed_sets(draft: Draft) -> Iterator[Verdict]:
    """G13: a set is not configured any more; what its people would lose is held."""
    for removed in draft.judged.sets[draft.judged.configured :]:
        if losing := draft.consequences.sets[removed.name].losing:
            yield objection("G13", name=removed.name, count=losing)
