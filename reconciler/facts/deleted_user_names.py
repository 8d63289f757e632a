"""The names that deleted users had: Entra renames them, and nobody knows them by the new name."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reconciler.columns.frames import is_text, text
from reconciler.model.snapshot import Snapshot

_DIGITS = 32
"""Of an object id, without its hyphens."""


def with_former_names(snapshot: Snapshot) -> Snapshot:
    """The snapshot; users in the recycle bin have the userPrincipalName of before.

    There it is the user's id without hyphens, directly followed by the former name.
    """
    people = snapshot.directory.people
    deleted = np.flatnonzero(is_text(people["presence"], "deleted"))
    if not len(deleted):
        return snapshot
    names = pa.chunked_array(pa.array(people["userPrincipalName"].array)).combine_chunks()
    current = names.take(deleted)
    ids = pa.chunked_array(pa.array(people["id"].array)).combine_chunks().take(deleted)
    digits = pc.replace_substring(ids, "-", "")
    renamed = pc.equal(pc.utf8_slice_codeunits(pc.utf8_lower(current), 0, _DIGITS), digits)
    former = pc.if_else(renamed, pc.utf8_slice_codeunits(current, _DIGITS), current)
    is_deleted = np.zeros(len(people), dtype=bool)
    is_deleted[deleted] = True
    restored = text(pc.replace_with_mask(names, pa.array(is_deleted), former), len(people))
    people = people.assign(userPrincipalName=restored.set_axis(people.index))
    return replace(snapshot, directory=replace(snapshot.directory, people=people))
