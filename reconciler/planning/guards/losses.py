"""R9: too much would be taken away, at once or by small steps within 7 days.

Users who hold a set, and those who have an account without one, may lose it up to a number or a
share in one plan, and up to another share in 7 days. Of the users of one set, of one product, or of
the admins' role another share may lose it in 7 days, whatever the operations are called.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from config.settings import Policy
from reconciler.model.plan import Verdict
from reconciler.model.plural import Plural
from reconciler.planning.consequences import Consequences, Loss
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.whole_run import MASS_REVOCATION

SMALL_SET, WHOLE_SET = 4, 3
"""A share of a set says something from 4 users on; losing all of 3 is a purge as well. Of smaller
sets it is counted how many lose anybody, as if they were the users of one set.
"""

WITHOUT_SET = "user without a set|users without a set"
SMALL_SETS = "|".join(f"{sets} of fewer than {SMALL_SET} users" for sets in ("set", "sets"))


@dataclass(frozen=True)
class Limit:
    """At most so many of them (`who`, in words for one and for many) may lose `what`: in 7 days, or
    in one plan. `percent` is what makes the number, where that is given.
    """

    loss: Loss
    who: str
    what: str
    most: int
    percent: float | None = None
    one_plan: bool = False

    @property
    def count(self) -> int:
        return self.loss.losing if self.one_plan else self.loss.altogether

    @property
    def of(self) -> int:
        return self.loss.now if self.one_plan else self.loss.before

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0

    @property
    def exceeded(self) -> bool:
        """What is lost already keeps no plan from being applied that takes nothing more."""
        return self.loss.losing > 0 and self.count > self.most

    def __str__(self) -> str:
        counted = f"{self.count} of {format(Plural(self.of), self.who)} ({self.share * 100:.0f} %)"
        limit = f"the limit is {self.most}" + (
            f" ({self.percent:g} %)" if self.percent is not None else ""
        )
        if self.loss.lost and not self.one_plan:
            return f"{counted} would have lost {self.what} in 7 days; {limit}."
        return f"{counted} would lose {self.what}; {limit}."


def mass_revocation(policy: Policy, would: Consequences) -> Verdict:
    """R9, with every limit that is exceeded; or with how near the plan comes to them."""
    numbers = [
        *_numbers(policy, would.seats, "user|users", "seats"),
        *_numbers(policy, would.accounts, WITHOUT_SET, "their account"),
    ]
    shares = list(_shares(policy.max_set_revoke_percent, would))
    if exceeded := [str(limit) for limit in (*numbers, *shares) if limit.exceeded]:
        return guard_failed(MASS_REVOCATION, limits=" ".join(exceeded))
    highest = max(shares, key=attrgetter("share"), default=None)
    headroom = [str(limit) for limit in numbers if limit.what == "seats" or limit.count]
    if highest and highest.count:
        headroom.append(f"Highest share: {highest}")
    return guard_passed(MASS_REVOCATION, " ".join(headroom))


def _numbers(policy: Policy, loss: Loss, who: str, what: str) -> Iterator[Limit]:
    """Of all such users. What one plan may do is said by the first limit alone."""
    at_once, in_a_week = (
        int(max(policy.max_revokes, of * percent / 100))
        for of, percent in (
            (loss.now, policy.max_revoke_percent),
            (loss.before, policy.max_week_revoke_percent),
        )
    )
    yield Limit(loss, who, what, at_once, one_plan=True)
    if loss.lost:
        yield Limit(loss, who, what, in_a_week)


def _shares(percent: float, would: Consequences) -> Iterator[Limit]:
    """Of those who have one thing, in 7 days."""
    sets, products = would.sets, would.products
    for loss, who, what in (
        *((loss, "user|users", f'set "{name}"') for name, loss in sets.items()),
        (_small_sets(sets.values()), SMALL_SETS, "somebody"),
        *((loss, "user|users", f'product "{name}"') for name, loss in products.items()),
        (would.role, "admin|admins", "that role"),
    ):
        most = int(loss.before * percent / 100)
        if loss.before >= SMALL_SET and most < loss.before:
            yield Limit(loss, who, what, most, percent)
        elif loss.before >= WHOLE_SET:
            yield Limit(loss, who, what, loss.before - 1)


def _small_sets(losses: Iterable[Loss]) -> Loss:
    """Of the sets of which a share says nothing: how many lose somebody."""
    small = [loss for loss in losses if 0 < loss.before < SMALL_SET]
    losing = sum(loss.losing > 0 for loss in small)
    lost = sum(loss.lost > 0 and not loss.losing for loss in small)
    return Loss(len(small), losing, lost, len(small))
