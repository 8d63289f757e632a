"""Characters that are easily taken for ASCII ones, or not seen at all.

From Unicode's confusables.txt (UTS #39): the Latin, Greek and Cyrillic letters that look like a
letter of ASCII, in their own case, and dashes and slashes. Those of another width or style are not
listed: NFKC maps them.
"""

# Ranges of a regular expression, for Python's as for RE2's.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt)."""

BLANK = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
"""Unicode's White_Space, what Python takes for it, and the Braille pattern without dots."""

_LIKE = {
    "-": "\u02d7\u2010\u2012\u2013\u2014\u2015\u2043\u2212\u2796",
    "/": "\u2044\u2215\u2571\u29f8",
    "A": "\u0391\u0410",
    "B": "\u0392\u0412\ua7b4",
    "C": "\u0421",
    "E": "\u0395\u0415",
    "F": "\u03dc\ua798",
    "G": "\u050c",
    "H": "\u0397\u041d",
    "I": "\u0399\u0406\u04c0",
    "J": "\u037f\u0408\ua7b2",
    "K": "\u039a\u041a",
    "M": "\u039c\u03fa\u041c",
    "N": "\u039d",
    "O": "\u039f\u041e",
    "P": "\u03a1\u0420",
    "R": "\u01a6",
    "S": "\u0405",
    "T": "\u03a4\u0422",
    "V": "\u0474",
    "W": "\u051c",
    "X": "\u03a7\u0425\ua7b3",
    "Y": "\u03a5\u0423\u04ae",
    "Z": "\u0396",
    "a": "\u0251\u03b1\u0430",
    "b": "\u0184\u042c",
    "c": "\u0441\u1d04",
    "d": "\u0501",
    "e": "\u0435\u04bd\uab32",
    "f": "\u1e9d\ua799\uab35",
    "g": "\u018d\u0261\u1d83",
    "h": "\u04bb",
    "i": "\u0131\u0269\u026a\u03b9\u0456\u04cf\ua647",
    "j": "\u03f3\u0458",
    "l": "\u0196\u01c0",
    "o": "\u03bf\u03c3\u043e\u1d0f\u1d11\uab3d",
    "p": "\u03c1\u0440",
    "q": "\u051b",
    "r": "\u0433\u1d26\uab47\uab48",
    "s": "\u01bd\u0455\ua731",
    "u": "\u028b\u03c5\u1d1c\ua79f\uab4e\uab52",
    "v": "\u03bd\u0475\u1d20",
    "w": "\u026f\u0461\u051d\u1d21",
    "x": "\u0445",
    "y": "\u0263\u028f\u03b3\u0443\u04af\u1d8c\u1eff\uab5a",
    "z": "\u1d22",
}

LOOK_ALIKES = {ord(one): plain for plain, alike in _LIKE.items() for one in alike}
"""For `str.translate`."""
