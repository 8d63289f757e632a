"""Guards over groups and scopes that were emptied, and sets that were removed: what their users
would lose.
"""

from collections.abc import Iterable, Iterator

from config.subscription_set import SubscriptionSet
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Consequences
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.groups import SET_REMOVED
from reconciler.situations.runs import DIRECTORY_EMPTIED, GROUP_EMPTIED, NOBODY_IN_SCOPE


def emptied_directory(would: Consequences) -> Verdict:
    """R6: no set's group has a member any more, while users hold seats and would lose them."""
    members = sum(would.members.values())
    if would.members and not members and (would.seats.losing or would.accounts.losing):
        return guard_failed(DIRECTORY_EMPTIED, count=would.seats.now)
    return guard_passed(DIRECTORY_EMPTIED, f"The groups have {Plural(members):member|members}.")


def emptied_groups(would: Consequences) -> Iterator[Verdict]:
    """R7: a group that had members has none; what its set's users would lose is held."""
    for name, members in would.members.items():
        if not members and (losing := would.sets[name].losing):
            yield guard_failed(GROUP_EMPTIED, name=name, count=losing)


def emptied_scopes(would: Consequences) -> Iterator[Verdict]:
    """R29: nobody of a group passes the scoping filters; what the users would lose is held."""
    for name, members in would.members.items():
        if members and not would.in_scope[name] and (losing := would.sets[name].losing):
            yield guard_failed(NOBODY_IN_SCOPE, name=name, count=losing)


def removed_sets(sets: Iterable[SubscriptionSet], would: Consequences) -> Iterator[Verdict]:
    """G13: a set is not among the configured ones any more; what its users would lose is held."""
    configured = {item.name for item in sets}
    for name, loss in would.sets.items():
        if name not in configured and loss.losing:
            yield guard_failed(SET_REMOVED, name=name, count=loss.losing)
