"""Where there can be no plan at all."""

from config.errors import SeatsyncError
from reconciler.model.plan import Finding


class NoPlan(SeatsyncError):
    """What was read cannot carry a plan; `finding` says why."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason.message)
        self.finding = reason
