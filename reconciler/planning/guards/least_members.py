"""R25: so many users are left in a set; where there are fewer already, nobody leaves it."""

from collections import Counter
from collections.abc import Iterator

from reconciler.model.plan import Verdict
from reconciler.model.plural import Count
from reconciler.planning.evaluation import Draft
from reconciler.situations import consent, objection


def least_members(draft: Draft) -> Iterator[Verdict]:
    """Per such set; whoever moves to another one is left there, not here."""
    left = Counter(name for operation in draft.operations for name in operation.lost)
    joined = Counter(name for operation in draft.operations for name in operation.gained)
    for item in draft.settings.subscription_sets:
        if not item.min_members:
            continue
        now = draft.consequences.sets[item.name].now
        then = now - left[item.name] + joined[item.name]
        if left[item.name] and then < item.min_members:
            yield objection("R25", name=item.name, count=then, before=now, least=item.min_members)
        else:
            users = f"{Count(then):user|users}"
            yield consent("R25", f'"{item.name}" has {users}; {item.min_members} are to be left.')
