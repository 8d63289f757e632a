"""What was recorded of earlier runs, as the store hands it out; `reconciler.history` reads it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from reconciler.columns import frames
from reconciler.model.group_read import ExportSize
from reconciler.model.plan import Kind, Operation


@dataclass(frozen=True)
class DoneOperation:
    """An operation that took effect; what it was is None once that was purged.

    `id` is the journal entry's, and means nothing beside being unique.
    """

    id: str
    user: str
    kind: Kind
    ended: datetime
    operation: Operation | None


@dataclass(frozen=True)
class RecordedExport:
    """The size of the export that a plan was made of.

    `held`: R20 held the plan. `approved`: a person let it pass all the same.
    """

    size: ExportSize
    held: bool
    approved: bool


@dataclass(frozen=True)
class History:
    """What was done, oldest first, and of which exports, newest first.

    `journal` has all of it, in few columns (`frames.JOURNAL`); `latest` the operations themselves,
    of the last days at least.
    """

    journal: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.JOURNAL))
    latest: Sequence[DoneOperation] = ()
    exports: Sequence[RecordedExport] = ()
