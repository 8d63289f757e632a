"""Text that no vendor should be sent, and text that is blank."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reconciler.columns.frames import TEXT, Flags, Texts
from reconciler.model.confusable_characters import BLANK, INVISIBLE
from reconciler.model.group_names import describe

ILLEGAL = "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""Control characters, and those that reverse or hide text."""

LONGEST = 256
"""Characters of one value; Entra's own attributes are shorter (Graph, "user resource type")."""

_EMPTY = f"^[{BLANK}{INVISIBLE}]*$"

# A user name need not be an address.
_NOT_ONE_ADDRESS = f"^[{BLANK}]|[{BLANK}]$|@.*[{BLANK};,@]|[{BLANK};,].*@"


def with_blanks_absent(people: pd.DataFrame) -> pd.DataFrame:
    """The users; text of nothing but blank and invisible characters is absent."""
    said: dict[str, pd.api.extensions.ExtensionArray] = {}
    for name in people.columns[people.dtypes == TEXT]:
        text = pa.array(people[name].array)
        blank = pc.match_substring_regex(text, _EMPTY)
        if pc.any(blank).as_py():
            said[name] = pd.array(pc.if_else(blank, None, text), dtype=TEXT)
    return people.assign(**said)


def is_address(path: str) -> bool:
    """Whether the attribute of this SCIM path is the user name or a mail address.

    Case means nothing in them: userName is not case-exact (RFC 7643, section 4.1.1), and mail
    addresses are taken as such, too.
    """
    return path == "userName" or path.startswith("emails")


def illegal(texts: Texts, sent: Flags) -> Flags:
    """Which rows have text that no vendor should be sent; only rows that are `sent` are checked."""
    found = np.zeros(len(sent), dtype=bool)
    for path, values in texts.items():
        text = pa.array(values[sent].array)
        wrong = pc.or_(
            pc.match_substring_regex(text, ILLEGAL), pc.greater(pc.utf8_length(text), LONGEST)
        )
        if is_address(path):
            wrong = pc.or_(wrong, pc.match_substring_regex(text, _NOT_ONE_ADDRESS))
        found[sent] |= wrong.fill_null(False).to_numpy(zero_copy_only=False)
    return found


def complaint(path: str, value: str) -> str:
    """What is wrong with the value of an attribute; "" if nothing is."""
    if found := re.search(ILLEGAL, value):
        return f"{path} has {describe(found[0])} at {found.start() + 1}"
    if len(value) > LONGEST:
        return f"{path} has {len(value)} characters, and {LONGEST} are allowed"
    if is_address(path) and re.search(_NOT_ONE_ADDRESS, value):
        return f'{path} is not one name or address: "{value}"'
    return ""
