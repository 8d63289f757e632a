"""Functions of text: Append, Join, Left, Mid, ToLower, PCase, Word, …

Where Microsoft's page does not say what a function makes of nothing, it makes nothing of it.
Characters are counted, and not, as in .NET, the halves of those outside Unicode's first plane.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reconciler.mapping_expressions.column import (
    BLANK,
    NOTHING,
    TEXT,
    Column,
    ExpressionError,
    Value,
    each,
    single,
    withheld_by,
)
from reconciler.mapping_expressions.numbers import whole


def append(source: Column, suffix: Column) -> Column:
    """The source with the suffix behind it; a suffix alone is no value."""
    source, suffix = single(source), single(suffix)
    ending = pc.fill_null(suffix.values, "")
    joined = pc.binary_join_element_wise(source.values, ending, pa.scalar("", TEXT))
    return Column(joined, withheld_by([source, suffix]))


def join(separator: Column, *sources: Column) -> Column:
    """The sources that say something, with the separator between them; every value of a list."""
    separator = single(separator)
    told = [_one_text(separator, source) for source in sources]
    texts = [pc.if_else(pc.equal(one.values, ""), NOTHING, one.values) for one in told]
    nothing = reduce(pc.and_, map(pc.is_null, texts))
    # Arrow leaves out whole rows where all is skipped, so there is something in each.
    texts[0] = pc.if_else(nothing, pa.scalar("", TEXT), texts[0])
    between = pc.fill_null(separator.values, "")
    joined = pc.binary_join_element_wise(*texts, between, null_handling="skip")
    joined = pc.if_else(nothing, NOTHING, joined)
    return Column(joined, withheld_by([separator, *told]))


def _one_text(separator: Column, source: Column) -> Column:
    def joined(mark: str | None, values: Value) -> str:
        return (mark or "").join(filter(None, values or []))

    return each(joined, separator, source) if source.is_list else source


def left(string: Column, num_chars: Column) -> Column:
    """As many characters from the beginning; all if the number is negative."""

    def start(text: str | None, size: str | None) -> str:
        number = whole(size, "numChars of Left")
        return (text or "") if number < 0 else (text or "")[:number]

    return each(start, single(string), single(num_chars))


def mid(source: Column, start: Column, length: Column) -> Column:
    """As many characters from a place on, of which the first is 1."""

    def part(text: str | None, at: str | None, size: str | None) -> str | None:
        if text is None:
            return None
        begin, characters = whole(at, "start of Mid"), whole(size, "length of Mid")
        if begin < 1 or characters < 0:
            raise ExpressionError("start of Mid has to be at least 1, and length at least 0")
        return text[begin - 1 : begin - 1 + characters]

    return each(part, single(source), single(start), single(length))


_TURKIC = ("tr", "az")
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
_DOTTED = "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"


def to_lower(source: Column, culture: Column = BLANK) -> Column:
    """Lower case. Of all cultures, only the Turkic ones have it otherwise."""
    return _cased(source, culture, [("I", _DOTLESS), (_DOTTED, "i")], pc.utf8_lower)


def to_upper(source: Column, culture: Column = BLANK) -> Column:
    """Upper case. Of all cultures, only the Turkic ones have it otherwise."""
    return _cased(source, culture, [("i", _DOTTED), (_DOTLESS, "I")], pc.utf8_upper)


def _cased(
    source: Column,
    culture: Column,
    turkic: Iterable[tuple[str, str]],
    cased: Callable[[Any], Any],
) -> Column:
    source = single(source)
    text = source.values
    if (culture.values.as_py() or "").partition("-")[0].lower() in _TURKIC:
        for letter, other in turkic:
            text = pc.replace_substring(text, letter, other)
    return Column(cased(text), source.withheld)


def strip_spaces(source: Column) -> Column:
    """Without spaces (U+0020); other white space stays."""
    source = single(source)
    return Column(pc.replace_substring(source.values, " ", ""), source.withheld)


def pcase(source: Column, word_separators: Column = BLANK) -> Column:
    """Each word with a capital letter at its beginning, and none elsewhere.

    Without separators of its own, words end where Microsoft's page says that those of .NET's
    ToTitleCase do: at whatever is white space, a control character, punctuation or a symbol.
    """

    def proper(text: str | None, separators: str | None) -> str | None:
        if text is None:
            return None
        letters, begins = [], True
        for letter in text.lower():
            letters.append(letter.upper() if begins and len(letter.upper()) == 1 else letter)
            begins = letter in separators if separators else _ends_a_word(letter)
        return "".join(letters)

    return each(proper, single(source), single(word_separators))


def _ends_a_word(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in "ZPS" or category in ("Cc", "Cf")


def word(string: Column, word_number: Column, delimiters: Column) -> Column:
    """The word with this number, the first of which is 1; each of the delimiters ends one. Empty
    where there are not so many."""

    def found(text: str | None, at: str | None, marks: str | None) -> str:
        number = whole(at, "wordNumber of Word")
        table = dict.fromkeys(map(ord, marks or ""), "\0")
        words = [one for one in (text or "").translate(table).split("\0") if one]
        return words[number - 1] if 1 <= number <= len(words) else ""

    return each(found, single(string), single(word_number), single(delimiters))


def in_str(
    value1: Column, value2: Column, start: Column = BLANK, compare_type: Column = BLANK
) -> Column:
    """Where the second text begins in the first one, from a place on: 1 at its beginning, and 0 if
    it is not there."""

    def place(
        text: str | None, wanted: str | None, begin: str | None, compare: str | None
    ) -> str | None:
        if text is None or wanted is None:
            return None
        if compare == "vbTextCompare":
            text, wanted = text.lower(), wanted.lower()
        at = 1 if begin is None else whole(begin, "start of InStr")
        if at < 1:
            raise ExpressionError("start of InStr has to be at least 1")
        return str(text.find(wanted, at - 1) + 1)

    return each(place, single(value1), single(value2), single(start), single(compare_type))


def convert_to_base64(source: Column) -> Column:
    """Base64 of UTF-16, the lower byte first."""
    return _encoded(source, lambda text: b64encode(text.encode("utf-16-le")).decode())


def convert_to_utf8_hex(source: Column) -> Column:
    """UTF-8 as hexadecimal digits, in upper case."""
    return _encoded(source, lambda text: text.encode().hex().upper())


def _encoded(source: Column, encoded: Callable[[str], str]) -> Column:
    return each(lambda text: None if text is None else encoded(text), single(source))


def cstr(value: Column) -> Column:
    """As text, which it is here."""
    return single(value)
