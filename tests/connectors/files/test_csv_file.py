"""CSV as Excel, PowerShell and people write it: understood, or refused with line and reason."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import CounterpartError
from connectors.files.column_names import ColumnNames
from connectors.files.csv_file import CsvFile, read_csv_file

NAMES = ColumnNames(["product", "purchased"])


def read(folder: Path, content: str | bytes) -> CsvFile:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv_file(path, "reading it", NAMES)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_commas_semicolons_and_tabs_separate_cells(
    tmp_path: Path, separator: str, end: str
) -> None:
    lines = [separator.join(cells) for cells in (["Product", "purchased"], [" a,;b ", "5"])]
    lines[1] = separator.join(['" a,;b "', "5"])
    table = read(tmp_path, end.join(lines))
    assert table.columns == ("product", "purchased")
    assert table.rows == ((2, {"product": " a,;b ", "purchased": "5"}),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("product,purchasd\n", 'line 1: column "purchasd" is not known; did you mean "purchased"?'),
        ("product,purchased,\n", 'line 1: column "" is not known'),
        ("product,Product\n", 'line 1: column "product" is there twice'),
        ("product|purchased\n", 'line 1: column "product|purchased" is not known'),
        ("product,purchased\na\n", "line 2: it has not as many cells"),
        ('product,purchased\n"a', "it is not CSV"),
        ("product,purchased\nä,5\n".encode("cp1252"), "line 2: the file is not UTF-8 text"),
        ("product,purchased\n".encode("utf-16"), "the file is not UTF-8 text but UTF-16"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(CounterpartError) as refused:
        read(tmp_path, content)
    assert said in str(refused.value)


def test_a_last_row_may_close_the_table(tmp_path: Path) -> None:
    assert read(tmp_path, "product,purchased\na,1\n#end,1\n").closing == ("#end", "1")
    assert read(tmp_path, "product,purchased\na,1\n").closing is None
    with pytest.raises(CounterpartError, match="line 2: it has not as many cells"):
        read(tmp_path, "product,purchased\n#end\na,1\n")


@given(st.binary(max_size=60) | st.text('product,purchased;"\t\r\n#end', max_size=60))
def test_no_bytes_bring_it_down(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes | str
) -> None:
    with suppress(CounterpartError):
        read(tmp_path_factory.mktemp("fuzz"), noise)
