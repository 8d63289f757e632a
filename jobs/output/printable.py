"""Names as they may be shown: a reader must not be deceived, nor a spreadsheet put to work."""

import re
import unicodedata

# Control, format (bidi and zero-width), surrogate, private use, unassigned; line separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# At the start, or where another locale's separator makes a new cell: within quotation marks, too.
FORMULA = r'((?:^|[;,])[\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])'
"""Before what a spreadsheet program computes; in the syntax of Python and of JavaScript."""

_FORMULA = re.compile(FORMULA)

# 0042, 1E5, 3-4, 12:30, 5 %: what a spreadsheet program makes a number, a date or a time of.
_NUMBER = re.compile(r"\.?\d[\d.,:/eE+\- %]*", re.ASCII)


def shown(text: object) -> str:
    """The text without characters that cannot be seen or that reorder others."""
    said = str(text)
    if said.isprintable():  # nearly everything is, and there may be 50,000 rows of it
        return said.strip()
    return "".join(c if unicodedata.category(c) not in _UNSEEN else " " for c in said).strip()


def cell(text: object) -> str:
    """The text for a CSV: nothing that a spreadsheet program takes for a formula or a number.

    An apostrophe before it says so to the program, and to whoever reads the file by another one.
    """
    clean = _FORMULA.sub(r"\1'", shown(text))
    return f"'{clean}" if _NUMBER.fullmatch(clean) else clean
