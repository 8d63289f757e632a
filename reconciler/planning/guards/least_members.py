"""R25: so many users are left in a set; where there are fewer already, nobody leaves it."""

from collections import Counter
from collections.abc import Iterator

from reconciler.model.plan import Verdict
from reconciler.model.plural import Plural
from reconciler.planning.evaluation import Evaluation
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.run import TOO_FEW_MEMBERS


def least_members(evaluation: Evaluation) -> Iterator[Verdict]:
    """Per such set; whoever moves to another one is left there, not here."""
    left = Counter(name for operation in evaluation.operations for name in operation.lost)
    joined = Counter(name for operation in evaluation.operations for name in operation.gained)
    for item in evaluation.settings.subscription_sets:
        if not item.min_members:
            continue
        now = evaluation.consequences.sets[item.name].now
        then = now - left[item.name] + joined[item.name]
        if left[item.name] and then < item.min_members:
            yield guard_failed(
                TOO_FEW_MEMBERS, name=item.name, count=then, before=now, least=item.min_members
            )
        else:
            users = f"{Plural(then):user|users}"
            yield guard_passed(
                TOO_FEW_MEMBERS, f'"{item.name}" has {users}; {item.min_members} are to be left.'
            )
