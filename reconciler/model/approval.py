"""What a person or a run has done with a plan."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Approval:
    """Who let a plan pass, and which guards' codes that person overrode. Bound to the digest."""

    plan_id: str
    digest: str
    by: str
    reason: str
    at: datetime
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Use:
    """A plan is used once: by which run, and when."""

    run_id: str
    at: datetime
