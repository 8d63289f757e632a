"""Text that no vendor should be sent."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reconciler.model.frames import Flags, Texts
from reconciler.names import describe

ILLEGAL = "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""Control characters, and those that reverse or hide text."""

LONGEST = 256
"""Characters of one value; Entra's own attributes are shorter (Graph, "user resource type")."""


def illegal(texts: Texts, sent: Flags) -> Flags:
    """Where one of the texts is; what is not `sent` is not looked at."""
    found = np.zeros(len(sent), dtype=bool)
    for values in texts.values():
        text = pa.array(values[sent].array)
        wrong = pc.or_(
            pc.match_substring_regex(text, ILLEGAL), pc.greater(pc.utf8_length(text), LONGEST)
        )
        found[sent] |= wrong.fill_null(False).to_numpy(zero_copy_only=False)
    return found


def complaint(path: str, value: str) -> str:
    """What is wrong with the value of an attribute; "" if nothing is."""
    if found := re.search(ILLEGAL, value):
        return f"{path} has {describe(found[0])} at {found.start() + 1}"
    if len(value) > LONGEST:
        return f"{path} has {len(value)} characters, and {LONGEST} are allowed"
    return ""
