"""What the store can refuse, in words for administrators."""

from datetime import datetime

from config.seatsync_error import SeatsyncError


class StoreError(SeatsyncError):
    """What the store refuses; `connectors.errors` shows where in the tree it stands."""


class Unavailable(StoreError):
    """The store cannot be used: missing folder, not a database, a newer schema, a full disk."""


class PlanNotFound(StoreError):
    """No plan has this id or prefix."""


class RunNotFound(StoreError):
    """No run has this id or prefix, or what it did is not known any more."""


class PlanAltered(StoreError):
    """The saved plan is not the one whose digest was recorded (P5)."""

    def __init__(self, plan_id: str, why: str) -> None:
        super().__init__(f"reading plan {plan_id}", why)
        self.plan_id = plan_id


class PlanUsed(StoreError):
    """The plan was applied before (P6)."""

    def __init__(self, plan_id: str, run_id: str, at: datetime) -> None:
        super().__init__(
            f"using plan {plan_id}", f"run {run_id} used it at {at:%Y-%m-%d %H:%M} UTC"
        )
        self.plan_id = plan_id
        self.run_id = run_id
        self.at = at


class TenantExists(StoreError):
    """The fleet has a tenant of this name, or one with this store."""


class TenantNotFound(StoreError):
    """The fleet has no tenant of this name."""


class LeaseHeld(StoreError):
    """Another run is at work (R12)."""

    def __init__(self, run_id: str, host: str, pid: int, since: datetime) -> None:
        super().__init__(f"run {run_id} on {host} (process {pid}) since {since:%Y-%m-%d %H:%M} UTC")
        self.run_id = run_id
        self.host = host
        self.pid = pid
        self.since = since


class LeaseLost(StoreError):
    """The run was silent for so long that its lease is another's; it must not write any more."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"run {run_id} stopped",
            "it was silent for so long that another run has taken its lease; nothing more was "
            "sent, and the next plan has the rest",
        )
