"""What a situation is: a stable code, what is done about it, and its texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from reconciler.model.phrasing import Plural
from reconciler.model.plan import Severity

INFO, WARN, ERROR, BLOCK = tuple(Severity)


class Default(StrEnum):
    """What is done about a situation unless a person decides otherwise."""

    GO_ON = "goes on as usual"
    CARRY_OUT = "is carried out"
    DEPROVISION = "gives the seat back and deactivates the account"
    REPORT = "is reported, never touched"
    SKIP = "is left out, the rest goes on"
    KEEP = "gets nothing new, keeps what is held"
    WAIT = "waits for a seat"
    FREEZE = "is left as it is: no grant, no revoke, seats stay counted"
    HOLD = "is planned and waits for any person's approval"
    BLOCK = "blocks the plan until its approval overrides this code"
    STOP = "stops, the next plan has the rest"
    REFUSE = "sends nothing"
    NO_PLAN = "makes no plan"


Facts = Mapping[str, object]
"""The values that a text is filled with, by name."""


_TOLD_AS: dict[type, Callable[[Any], object]] = {int: Plural, str: str}


@dataclass(frozen=True, eq=False)
class Situation:
    """One row of the table. `message` says what, who, why and what was done; `advice` what next.

    Both are format strings of the declared `facts` (an int can be followed by words, see `Plural`)
    and of the subject's `id` and `name`. Where the directory is an export, `export_advice` replaces
    the advice, if there is one.
    """

    code: str
    severity: Severity
    default: Default
    title: str
    message: str
    advice: str = ""
    facts: Mapping[str, type[int] | type[str]] = field(default_factory=dict)
    export_advice: str = ""

    def texts(self, facts: Facts, *, of: Facts) -> tuple[str, str]:
        """Message and advice, filled with the declared `facts` and with those `of` the subject.

        Raises:
            TypeError: a declared fact is missing, or another one is given.
        """
        if facts.keys() != self.facts.keys():
            asked, given = (", ".join(names) or "nothing" for names in (self.facts, facts))
            raise TypeError(f"{self.code} is told with {asked}, and was given {given}")
        told = {name: _TOLD_AS[self.facts[name]](fact) for name, fact in facts.items()}
        return self.message.format(**told, **of), self.advice.format(**told, **of)


class Effect(IntEnum):
    """What happens to a user. Of two effects the smaller one wins, which is more careful."""

    KEEP = 0
    DEPROVISION = 1
    GRANT = 2
