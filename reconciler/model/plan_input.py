"""What a plan was made of: everything that `reconcile` takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from config.settings import Settings
from reconciler.model.snapshot import PlanContext, Snapshot


@dataclass(frozen=True)
class PlanInput:
    """`configuration` is `Settings.decisive`, `snapshot` has its rows sorted."""

    configuration: Mapping[str, Any]
    snapshot: Snapshot
    plan_context: PlanContext

    @cached_property
    def settings(self) -> Settings:
        """The settings of then.

        Raises:
            ValueError: this version of the program does not take that configuration any more.
        """
        return Settings.model_validate(self.configuration)
