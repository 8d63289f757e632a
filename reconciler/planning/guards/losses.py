"""R9: too much would be taken away, at once or by small steps within 7 days.

There is one limit for all users who hold a set, and for all who have an account without one: a
number or a share in one plan, and another share in 7 days. There is another limit for each set,
each product and the admin role: a share of its users in 7 days, whatever kind of operation it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from config.policy import Policy
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Consequences, Loss
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.runs import MASS_REVOCATION

SMALL_SET, WHOLE_SET = 4, 3
"""A set of at least 4 users has a limit by share; one of 3 may not lose all of them. Sets of fewer
than 4 users are taken together: it is counted how many of these sets lose anybody.
"""

WITHOUT_SET = "user without a set|users without a set"
SMALL_SETS = "|".join(f"{sets} of fewer than {SMALL_SET} users" for sets in ("set", "sets"))


@dataclass(frozen=True)
class Limit:
    """At most `most` of them may lose `what`, in 7 days or in `one_plan`.

    `who` names them, for one and for many (`Plural`). `percent` is the share that `most` was made
    from, where it is to be told.
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
    def used(self) -> float:
        """The share of the limit that a plan takes up which takes something."""
        return self.count / self.most if self.loss.losing and self.most else 0

    @property
    def exceeded(self) -> bool:
        """Never for a plan that takes nothing, whatever was lost before."""
        return self.loss.losing > 0 and self.count > self.most

    def __str__(self) -> str:
        counted = f"{self.count} of {format(Plural(self.of), self.who)} ({self.share * 100:.0f} %)"
        nouns = "|".join(form.partition(" ")[0] for form in self.who.split("|"))
        limit = f"the limit is {format(Plural(self.most), nouns)}" + (
            f" ({self.percent:g} %)" if self.percent is not None else ""
        )
        if self.loss.lost and not self.one_plan:
            return f"{counted} would have lost {self.what} in 7 days; {limit}."
        return f"{counted} would lose {self.what}; {limit}."


def mass_revocation(policy: Policy, would: Consequences) -> Verdict:
    """R9, with every limit that is exceeded, or else with how near the plan comes to them."""
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
    nearest = max((*numbers, *shares), key=attrgetter("used"))
    return guard_passed(MASS_REVOCATION, " ".join(headroom), count=nearest.used, limit=1)


def _numbers(policy: Policy, loss: Loss, who: str, what: str) -> Iterator[Limit]:
    """The limits for all such users; the one of 7 days only if something was lost before."""
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
    """The limits for the users of each set and product and for admins, in 7 days."""
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
    """The sets of fewer than `SMALL_SET` users, counted as things: how many lose anybody."""
    small = [loss for loss in losses if 0 < loss.before < SMALL_SET]
    losing = sum(loss.losing > 0 for loss in small)
    lost = sum(loss.lost > 0 and not loss.losing for loss in small)
    return Loss(len(small), losing, lost, len(small))
