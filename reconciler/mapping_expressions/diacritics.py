"""NormalizeDiacritics: Latin letters without their marks ("Reference for writing expressions")."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from reconciler.mapping_expressions.column import Column, each, single

# Letters that Unicode does not take apart into a letter and marks. Microsoft's table has œ with a
# macron alone.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "Æ": "AE",
        "ø": "oe",
        "Ø": "OE",
        "œ": "oe",
        "Œ": "OE",
        "ß": "ss",
        "ł": "l",
        "Ł": "L",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)

# U+0300 to U+036F: Combining Diacritical Marks.
_MARKS = re.compile("([A-Za-zæÆøØœŒ])[\u0300-\u036f]+")


def normalize_diacritics(source: Column) -> Column:
    """Only what is not ASCII is looked at. Letters of other scripts keep their marks: with one less
    they are other letters."""
    source = single(source)
    values = source.values
    if isinstance(values, pa.Scalar):
        return each(_normalized, source)
    other = pc.fill_null(pc.invert(pc.string_is_ascii(values)), False)
    found = each(_normalized, Column(values.filter(other))).values
    return Column(pc.replace_with_mask(values, other, found), source.withheld)


def _normalized(text: str | None) -> str | None:
    if text is None:
        return None
    plain = _MARKS.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))
