"""What a situation is: a stable code, what is done about it, and its texts; and what a rule is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from reconciler.columns.frames import Flags
from reconciler.model.plan import Severity
from reconciler.model.user_facts import UserFacts

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


@dataclass(frozen=True)
class Situation:
    """One row of the table. `message` says what, who, why and what was done; `advice` what next.

    Both are formats; `finding` fills them. Where the directory is an export, it may take another
    advice (`export_advice`) to put this right.
    """

    code: str
    severity: Severity
    default: Default
    title: str
    message: str
    advice: str = ""
    export_advice: str = ""


class Effect(IntEnum):
    """What happens to a person. Ordered: of two effects the smaller, more careful one wins."""

    KEEP = 0
    DEPROVISION = 1
    GRANT = 2


@dataclass(frozen=True)
class Rule:
    """A situation's code, its effect, and the condition on the columns of `UserFacts`."""

    code: str
    effect: Effect
    holds: Callable[[UserFacts], Flags]
