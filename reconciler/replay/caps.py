"""The lowest caps of R9 by which what was wanted passes and no purge does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.policy import Policy
from reconciler.planning.consequences import Consequences
from reconciler.planning.guards.losses import mass_revocation

PERCENTAGES = ("max_revoke_percent", "max_set_revoke_percent", "max_week_revoke_percent")
CAPS = (*PERCENTAGES, "max_revokes")
"""The fields of `Policy` that R9 looks at."""


@dataclass(frozen=True)
class Held:
    """How many of all purges R9 holds, and how many of the wanted plans that take something."""

    purges: int
    of_purges: int
    wanted: int
    of_wanted: int


@dataclass(frozen=True)
class Caps:
    """Values of `CAPS` by name, and what they come to."""

    values: Mapping[str, int | float]
    held: Held


def caps_of(policy: Policy, wanted: Sequence[Consequences], purges: Sequence[Consequences]) -> Caps:
    """Those of the policy."""
    values = {name: getattr(policy, name) for name in CAPS}
    held = Held(sum(_held(policy, purges)), len(purges), sum(_held(policy, wanted)), len(wanted))
    return Caps(values, held)


def propose_caps(
    policy: Policy, wanted: Sequence[Consequences], purges: Sequence[Consequences]
) -> Caps:
    """The lowest percentages by which all that was wanted passes. Where a purge passes by them, the
    cap is lowered by which the fewest wanted plans are held.

    `max_revokes` stays as it is, unless nothing else holds a purge.
    """
    loosest = policy.model_copy(update=dict.fromkeys(PERCENTAGES, 100))
    lowest = {name: _lowest(loosest, name, wanted) for name in PERCENTAGES}
    proposed = policy.model_copy(update=lowest)
    for purge in purges:
        if not any(_held(proposed, [purge])):
            lowered = list(_holding(proposed, purge))
            proposed = min(lowered, key=lambda one: sum(_held(one, wanted)), default=proposed)
    return caps_of(proposed, wanted, purges)


def _held(policy: Policy, plans: Iterable[Consequences]) -> Iterator[bool]:
    return (not mass_revocation(policy, would).passed for would in plans)


def _lowest(policy: Policy, name: str, wanted: Sequence[Consequences]) -> int:
    """The lowest percentage by which no more of them are held than by 100."""
    unavoidable = sum(_held(policy, wanted))
    low, high = 0, 100
    while low < high:
        middle = (low + high) // 2
        if sum(_held(policy.model_copy(update={name: middle}), wanted)) > unavoidable:
            low = middle + 1
        else:
            high = middle
    return low


def _holding(policy: Policy, purge: Consequences) -> Iterator[Policy]:
    """Per cap the policy with its highest value that holds the purge, if any does."""
    for name in CAPS:
        low, high = -1, int(getattr(policy, name))
        while low < high:
            middle = (low + high + 1) // 2
            if any(_held(policy.model_copy(update={name: middle}), [purge])):
                low = middle
            else:
                high = middle - 1
        if low >= 0:
            yield policy.model_copy(update={name: low})
