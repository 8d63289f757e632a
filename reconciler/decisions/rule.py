"""What a rule is: who is in a situation, and what follows for them."""

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.columns.frames import Codes, Flags
from reconciler.model.user_facts import UserFacts
from reconciler.situations.situation import Effect, Situation


@dataclass(frozen=True)
class Rule:
    """`holds` answers for all users at once, row by row with the columns of `UserFacts`.

    Where the cause is a set, `situation` is the column with the code of that set's situation.
    """

    situation: Situation | Callable[[UserFacts], Codes]
    effect: Effect
    holds: Callable[[UserFacts], Flags]

    def codes(self, people: UserFacts, rows: Flags) -> str | Codes:
        """The situation's code in these rows: one for all, or that of each row's set."""
        if isinstance(self.situation, Situation):
            return self.situation.code
        return self.situation(people)[rows]
