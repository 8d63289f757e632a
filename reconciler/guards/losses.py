"""Guards against taking away too much: of all, of one set, in a week; or out of emptied groups."""

from collections.abc import Iterator

from reconciler.draft import Draft
from reconciler.model.plan import Verdict
from reconciler.situations import consent, objection
from reconciler.wording import Count

SMALL_SET, WHOLE_SET = 4, 3
"""A share of a set says something from 4 members on; losing all of 3 is a purge as well."""


def emptied_directory(draft: Draft) -> Verdict:
    """R6: no set's group has a member any more, while people hold seats and would lose them."""
    readable = [at for at in range(draft.judged.configured) if at not in draft.judged.frozen]
    members = int(draft.subjects.sizes[readable].sum())
    if readable and not members and draft.losers:
        return objection("R6", count=draft.holders)
    return consent("R6", f"The groups have {Count(members):member|members}.")


def emptied_groups(draft: Draft) -> Iterator[Verdict]:
    """R7: a group that had members has none; what its set's people would lose is held."""
    for at in range(draft.judged.configured):
        name = draft.judged.sets[at].name
        if not draft.subjects.sizes[at] and draft.lost[name]:
            yield objection("R7", name=name, count=draft.lost[name])


def removed_sets(draft: Draft) -> Iterator[Verdict]:
    """G13: a set is not configured any more; what its people would lose is held."""
    for removed in draft.judged.sets[draft.judged.configured :]:
        if draft.lost[removed.name]:
            yield objection("G13", name=removed.name, count=draft.lost[removed.name])


def mass_revocation(draft: Draft) -> Verdict:
    """R9: too many people would lose seats: of all managed ones, of one set, or in a week."""
    policy, losing = draft.settings.policy, len(draft.losers)
    limit = max(policy.max_revokes, draft.holders * policy.max_revoke_percent / 100)
    counted = (
        f"{losing} of {Count(draft.holders):user|users} ({_percent(losing, draft.holders)}) "
        f"would lose seats; the limit is {limit:.0f}."
    )
    complaints = [*_set_complaints(draft), *_week_complaint(draft)]
    if losing > limit or complaints:
        return objection("R9", message=" ".join([counted, *complaints]))
    return consent("R9", counted)


def _set_complaints(draft: Draft) -> Iterator[str]:
    limit = draft.settings.policy.max_set_revoke_percent
    for item, size in zip(draft.judged.sets, draft.held, strict=True):
        losses = draft.lost[item.name]
        purged = losses == size >= WHOLE_SET
        shrunk = size >= SMALL_SET and losses * 100 > size * limit
        if purged or shrunk:
            yield (
                f'"{item.name}" would lose {losses} of {size} users '
                f"({_percent(losses, size)}); the limit is {limit:.0f} %."
            )


def _week_complaint(draft: Draft) -> Iterator[str]:
    """Many small plans are a purge as well; what one plan alone may do is judged above."""
    policy, lost, losing = (
        draft.settings.policy,
        draft.snapshot.memory.lost_this_week,
        len(draft.losers),
    )
    altogether, before = losing + lost, draft.holders + lost
    too_many = altogether * 100 > before * policy.max_week_revoke_percent
    if losing and lost and too_many and altogether > policy.max_revokes:
        yield (
            f"With the last 7 days {altogether} of {before} users "
            f"({_percent(altogether, before)}) would have lost seats; the limit is "
            f"{policy.max_week_revoke_percent:.0f} %."
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"
