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
    """An operation that took effect; `operation` is None once it was purged.

    `id` is the id of its journal entry, `ended` is in UTC.
    """

    id: str
    user: str
    kind: Kind
    ended: datetime
    operation: Operation | None


@dataclass(frozen=True)
class RecordedExport:
    """The size of the export that a plan was made from.

    `held`: R20 held the plan. `approved`: a person approved it all the same.
    """

    size: ExportSize
    held: bool
    approved: bool


@dataclass(frozen=True)
class History:
    """The operations that were begun, oldest first, and the exports, newest first.

    `journal` has all of them, in few columns (`frames.JOURNAL`); `latest` has those that took
    effect in the last 7 days, or in more, in full. `last_sign_ins` is as in `frames`.
    """

    journal: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.JOURNAL))
    latest: Sequence[DoneOperation] = ()
    exports: Sequence[RecordedExport] = ()
    last_sign_ins: pd.DataFrame = field(default_factory=lambda: frames.frame(frames.LAST_SIGN_INS))
