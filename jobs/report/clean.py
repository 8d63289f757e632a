"""Names as they may be shown: a reader must not be deceived, nor a spreadsheet put to work."""

import unicodedata

# Control, format (bidi and zero-width), surrogate, private use, unassigned; line separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def shown(text: object) -> str:
    """The text without characters that cannot be seen or that reorder others."""
    return "".join(c if unicodedata.category(c) not in _UNSEEN else " " for c in str(text)).strip()


def cell(text: object) -> str:
    """The text for a CSV: nothing that a spreadsheet program takes for a formula."""
    clean = shown(text)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean
