"""What earlier runs saw at the vendor: if it is missing from a list, it may still exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from reconciler.columns.frames import TEXT, column


@dataclass(frozen=True)
class Known:
    """What is asked for by its id if no list shows it.

    accounts      ids of accounts that matter today
    groups        per set's name the ids of its groups
    vendor_names  per set's name what the vendor called its group when it was created
    recent        ids of accounts that were created so lately that a list may not show them yet
    not_found     ids of what the vendor accepted lately and has never shown
    """

    accounts: "pd.Series[str]" = field(default_factory=lambda: column((), TEXT))
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vendor_names: Mapping[str, str] = field(default_factory=dict)
    recent: frozenset[str] = frozenset()
    not_found: frozenset[str] = frozenset()


NOTHING_KNOWN = Known()
