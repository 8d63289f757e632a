"""Whoever saved a file in another encoding is told which, and how to save it anew."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.encoding import NotUtf8, decoded


def test_utf_8_is_read_with_or_without_its_mark() -> None:
    assert decoded("Zoë\n".encode()) == decoded("Zoë\n".encode("utf-8-sig")) == "Zoë\n"


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        ("Zoë\n".encode("utf-16"), "UTF-16", None),
        (codecs.BOM_UTF16_BE + "Zoë\n".encode("utf-16-be"), "UTF-16", None),
        ("Zoë\n".encode("utf-16-le"), "UTF-16", None),
        ("Zoë\n".encode("utf-16-be"), "UTF-16", None),
        ("Zoë\n".encode("utf-32"), "UTF-32", None),
        ("id\nZoë\n".encode("cp1252"), "another encoding, such as Windows-1252", 2),
    ],
)
def test_another_encoding_is_named(content: bytes, said: str, line: int | None) -> None:
    with pytest.raises(NotUtf8) as refused:
        decoded(content)
    assert f"not UTF-8 text but {said}; save it as UTF-8 (Excel: " in str(refused.value)
    assert refused.value.line == line


@given(st.binary(max_size=40))
def test_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        text = decoded(content)
    except NotUtf8:
        return
    assert text.encode() == content.removeprefix(codecs.BOM_UTF8)
