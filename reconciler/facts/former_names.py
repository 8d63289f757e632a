"""What deleted users were called: Graph renames them, and that name is nobody's."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reconciler.columns.frames import says, text
from reconciler.model.snapshot import Snapshot

_DIGITS = 32
"""Of an object id, without its hyphens."""


def with_former_names(snapshot: Snapshot) -> Snapshot:
    """Users in the recycle bin by the userPrincipalName that they had before.

    There it is the hexadecimal digits of the user's own id and, right behind them, the former name.
    """
    people = snapshot.directory.people
    deleted = np.flatnonzero(says(people["presence"], "deleted"))
    if not len(deleted):
        return snapshot
    names = pa.chunked_array(pa.array(people["userPrincipalName"].array)).combine_chunks()
    theirs = names.take(deleted)
    ids = pa.chunked_array(pa.array(people["id"].array)).combine_chunks().take(deleted)
    digits = pc.replace_substring(ids, "-", "")
    renamed = pc.equal(pc.utf8_slice_codeunits(pc.utf8_lower(theirs), 0, _DIGITS), digits)
    former = pc.if_else(renamed, pc.utf8_slice_codeunits(theirs, _DIGITS), theirs)
    at_all = np.zeros(len(people), dtype=bool)
    at_all[deleted] = True
    known = text(pc.replace_with_mask(names, pa.array(at_all), former), len(people))
    people = people.assign(userPrincipalName=known.set_axis(people.index))
    return replace(snapshot, directory=replace(snapshot.directory, people=people))
