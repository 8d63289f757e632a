"""Rows have one order, sorted columns are joined, and digests tell content apart."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import connectors
import jobs
import reconciler
from reconciler.columns import frames
from reconciler.columns.table_joins import (
    NOWHERE,
    find,
    first_alike,
    is_in,
    locate,
    ordered,
    pairs,
    take,
    values_at,
)

# Texts that share their first eight bytes, that are shorter, and that are not ASCII.
texts = st.one_of(
    st.none(),
    st.text("ab\0ß€𝄞", max_size=4),
    st.text("ab", max_size=2).map(lambda end: f"11111111-{end}"),
)


def text(values: list[str | None]) -> pd.Series:
    return frames.column(values, frames.TEXT)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.lists(st.tuples(texts, texts, st.sampled_from([True, False, None]))))
    return pd.DataFrame(
        {
            "id": text([row[0] for row in rows]),
            "name": text([row[1] for row in rows]),
            "on": frames.column([row[2] for row in rows], frames.FLAG),
        }
    )


@given(tables())
def test_rows_are_sorted_as_their_key_is_as_text(table: pd.DataFrame) -> None:
    expected = sorted(table["id"].fillna(""))
    assert ordered(table, "id")["id"].fillna("").tolist() == expected


@given(tables(), st.integers(0, 2**32 - 1))
def test_the_order_that_rows_come_in_does_not_matter(table: pd.DataFrame, seed: int) -> None:
    mixed = table.sample(frac=1, random_state=seed)
    assert ordered(mixed, "id").equals(ordered(table, "id"))
    assert frames.digest(ordered(mixed, "id")) == frames.digest(ordered(table, "id"))


@given(st.lists(texts), tables())
def test_a_value_is_found_where_it_stands_first_and_an_absent_one_nowhere(
    values: list[str | None], table: pd.DataFrame
) -> None:
    among = ordered(table, "id")["id"]
    there = [None if pd.isna(value) else value for value in among]
    expected = [there.index(v) if v is not None and v in there else -1 for v in values]
    assert find(text(values), among).tolist() == expected
    assert locate(text(values), among).tolist() == expected
    assert is_in(text(values), among).tolist() == [at >= 0 for at in expected]


@given(st.lists(texts, max_size=4), st.lists(texts, min_size=33))
def test_a_few_values_are_found_among_many_where_they_stand_first(
    few: list[str | None], many: list[str | None]
) -> None:
    expected = [many.index(value) if value is not None and value in many else -1 for value in few]
    assert locate(text(few), text(many)).tolist() == expected


@given(tables())
def test_in_a_column_in_order_values_that_are_alike_stand_together(table: pd.DataFrame) -> None:
    column = ordered(table, "id")["id"]
    assert first_alike(column).tolist() == locate(column, column).tolist()


@given(st.lists(texts), st.data())
def test_the_value_at_nowhere_is_absent(values: list[str | None], data: st.DataObject) -> None:
    positions = data.draw(st.lists(st.integers(NOWHERE, len(values) - 1)))
    expected = [None if position == NOWHERE else values[position] for position in positions]
    found = values_at(text(values), np.array(positions, dtype=np.int64))
    assert found.astype(object).where(found.notna(), None).tolist() == expected


@given(st.lists(st.one_of(st.none(), st.text())))
def test_text_is_folded_as_python_folds_it(values: list[str | None]) -> None:
    expected = [None if value is None else value.casefold() for value in values]
    assert frames.cells(frames.folded(text(values)), np.arange(len(values))) == expected


def test_it_does_not_matter_in_how_many_chunks_text_lies() -> None:
    def chunked(*chunks: list[str]) -> pd.DataFrame:
        values = pa.chunked_array(chunks, type=pa.large_string())
        return pd.DataFrame({"id": pd.array(values, dtype=frames.TEXT)})

    assert ordered(chunked(["b"], ["a"]), "id").equals(ordered(chunked(["b", "a"]), "id"))
    assert frames.digest(chunked(["b"], ["a"])) == frames.digest(chunked(["b", "a"]))
    assert frames.digest(ordered(chunked(), "id")) == frames.digest(chunked([]))


def test_digests_tell_apart_what_looks_alike() -> None:
    alike = [
        {"a": text(["xy", "z"])},
        {"a": text(["x", "yz"])},
        {"a": text(["xyz"])},
        {"a": text(["xyz", None])},
        {"a": text(["xyz", ""])},
        {"b": text(["xyz", ""])},
        {"a": text(["xyz"]), "b": text([""])},
        {"a": frames.column([True], frames.FLAG)},
        {"a": frames.column([None], frames.FLAG)},
        {"a": text([None])},
    ]
    digests = {frames.digest(pd.DataFrame(columns)) for columns in alike}
    assert len(digests) == len(alike)
    one, other = (pd.DataFrame(columns) for columns in alike[:2])
    assert frames.digest(one, other) != frames.digest(other, one)


def test_pairs_are_sorted_each_once_and_have_two_ends() -> None:
    one, other = np.array([2, 0, NOWHERE, 2, 0, 1]), np.array([2, 1, 0, 2, 0, NOWHERE])
    assert [*map(tuple, np.transpose(pairs(one, other)).tolist())] == [(0, 0), (0, 1), (2, 2)]


def test_a_column_is_asked_at_positions_and_nowhere_has_an_answer_of_its_own() -> None:
    inactive, codes, no_row = np.array([False, True]), np.array(["G1", "R2"], dtype=object), []
    account = np.array([1, NOWHERE, 0])
    assert take(inactive, account).tolist() == [True, False, False]
    assert take(inactive, account, True).tolist() == [True, True, False]
    assert take(codes, account, "").tolist() == ["R2", "", "G1"]
    assert take(np.array(no_row, dtype=np.int64), np.array([NOWHERE]), 7).tolist() == [7]


def test_nothing_is_sought_by_series_isin() -> None:
    """It is a loop in Python for text of Arrow: at 100,000 users nine times as slow as `is_in`."""
    rooms = [Path(module.__file__).parent for module in (reconciler, connectors, jobs)]
    slow = [file for room in rooms for file in room.rglob("*.py") if "].isin(" in file.read_text()]
    assert not slow
