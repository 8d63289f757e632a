"""How a vendor changes the values that it is sent, and how to compare them all the same."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from itertools import chain, combinations
from typing import TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reconciler.columns.frames import TEXT, folded


class Way(StrEnum):
    """What a vendor makes of the values that it is sent.

    FIXED: it keeps its own value, whatever it is sent. MAIL: it keeps the mail address instead. The
    others change the spelling of the same text.
    """

    BLANKS = "blanks"
    UNICODE = "unicode"
    CASE = "case"
    MAIL = "mail"
    FIXED = "fixed"


Ways: TypeAlias = Mapping[str, frozenset[Way]]
"""The ways that were seen, by SCIM path; attributes that are kept as they are sent have none."""

SPELLINGS = (Way.BLANKS, Way.UNICODE, Way.CASE)

IN_WORDS = {
    Way.BLANKS: "without superfluous blanks",
    Way.UNICODE: "in composed Unicode",
    Way.CASE: "in a case of its own",
    Way.MAIL: "as the mail address",
    Way.FIXED: "as it is",
}


def spelled(value: str, ways: frozenset[Way]) -> str:
    """The value in a normal form: values that these ways make equal have the same one."""
    if Way.BLANKS in ways:
        value = " ".join(value.split())
    if Way.UNICODE in ways:
        value = unicodedata.normalize("NFC", value)
    return value.casefold() if Way.CASE in ways else value


def all_spelled(values: "pd.Series[str]", ways: frozenset[Way]) -> "pd.Series[str]":
    """`spelled` for a whole column."""
    text = pa.array(values.array)
    if Way.BLANKS in ways:
        text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"\s+", " "))
    if Way.UNICODE in ways:
        text = pc.utf8_normalize(text, form="NFC")
    result = pd.Series(pd.array(text, dtype=TEXT), index=values.index)
    return folded(result) if Way.CASE in ways else result


def explanation(asked: str, kept: str) -> frozenset[Way] | None:
    """The fewest ways of spelling that explain how `asked` became `kept`; None if none do."""
    every = chain.from_iterable(combinations(SPELLINGS, size) for size in range(4))
    candidates = map(frozenset, every)
    return next((some for some in candidates if spelled(asked, some) == spelled(kept, some)), None)
