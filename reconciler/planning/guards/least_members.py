"""R25: a set keeps its least number of users; if it has fewer already, nobody leaves it."""

from collections.abc import Iterable, Iterator

from config.subscription_set import SubscriptionSet
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Consequences
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.runs import TOO_FEW_MEMBERS


def least_members(sets: Iterable[SubscriptionSet], would: Consequences) -> Iterator[Verdict]:
    """One verdict per set with `min_members`; users who move to another set leave this one."""
    for item in sets:
        if not item.min_members:
            continue
        now, leaving = would.sets[item.name].now, would.leaving[item.name]
        then = now - leaving + would.joining[item.name]
        if leaving and then < item.min_members:
            yield guard_failed(
                TOO_FEW_MEMBERS, name=item.name, count=then, before=now, least=item.min_members
            )
        else:
            users = f"{Plural(then):user|users}"
            yield guard_passed(
                TOO_FEW_MEMBERS,
                f'"{item.name}" has {users}; {item.min_members} are to be left.',
                count=item.min_members if leaving else 0,
                limit=then,
            )
