"""The error for input from which no plan can be made."""

from config.seatsync_error import SeatsyncError
from reconciler.model.plan import Finding


class NoPlan(SeatsyncError):
    """No plan can be made from what was read; `finding` says why."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason.message)
        self.finding = reason
