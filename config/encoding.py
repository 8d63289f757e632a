"""Text files as administrators' programs write them: UTF-8 is read, anything else is named."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

# UTF-32's mark begins with UTF-16's.
_MARKS = {
    BOM_UTF32_LE: "UTF-32",
    BOM_UTF32_BE: "UTF-32",
    BOM_UTF16_LE: "UTF-16",
    BOM_UTF16_BE: "UTF-16",
}

_HOW = 'save it as UTF-8 (Excel: "CSV UTF-8"; PowerShell: -Encoding utf8)'


class NotUtf8(ValueError):
    """A file in another encoding; the text names it, and says how to get UTF-8.

    `line` is 1-based, None where the whole file is meant.
    """

    def __init__(self, encoding: str, line: int | None = None) -> None:
        super().__init__(f"the file is not UTF-8 text but {encoding}; {_HOW}")
        self.line = line


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, without the byte order mark that Windows puts before it.

    Raises:
        NotUtf8: it is in another encoding, or no text.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            raise NotUtf8(encoding)
    if b"\0" in content[:2]:
        raise NotUtf8("UTF-16")
    try:
        return content.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotUtf8("another encoding, such as Windows-1252", line) from None
