"""Sorts frames, and joins them by the positions of their rows.

A join is a column of positions. Take three users and two accounts; bob has no account, and ana's
is inactive:

    user  account of the user   account  inactive   take(inactive, account of the user)
    ana   1                     0        False      True
    bob   NOWHERE               1        True       False, which is the `missing`
    zoe   0                                         False

So a question about users' accounts needs no merged frame: `take` reads a column of the accounts at
these positions, and gives `missing` at `NOWHERE`.

Rows are sorted, so that nothing depends on the order in which servers list them. Ids are long text,
and there are millions of them. The first eight bytes of a text, taken as a number, sort like the
text itself, and nearly always tell two ids apart; only ties are compared as text. Two sorted
columns are joined by walking along both at once.
"""

from collections.abc import Collection
from typing import TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reconciler.columns.frames import Flags, Positions

Heads = NDArray[np.uint64]
"""The first eight bytes of texts, as numbers."""

NOWHERE = -1
"""The position of a row that is not there. numpy takes -1 for the last row: use `take`, and never
an index, with positions that may be `NOWHERE`.
"""

_FEW = 8
"""Among so many times as many, values are few."""

Value = TypeVar("Value", bound=np.generic)

_TEXT = pa.large_string()


def take(values: NDArray[Value], positions: Positions, missing: object = False) -> NDArray[Value]:
    """The values at these positions, and `missing` at `NOWHERE`."""
    return cast("NDArray[Value]", np.append(values, np.array([missing], values.dtype))[positions])


def ordered(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows sorted by the text of `key`, absent first; equal keys by all other columns."""
    heads = _heads(frame[key])
    order = np.argsort(heads)
    tied = np.flatnonzero(_beside(np.diff(heads[order]) == 0))
    if len(tied):
        order[tied] = _sorted_as_text(frame, order[tied], [key])
        text = frame[key].take(order[tied]).fillna("")
        twins = tied[_beside(equal(text.iloc[1:], text.iloc[:-1]))]
        everything = [key, *sorted({*frame.columns} - {key})]
        order[twins] = _sorted_as_text(frame, order[twins], everything)
    return frame.take(order).reset_index(drop=True)


def locate(values: pd.Series, among: pd.Series) -> Positions:
    """For each value its first position in `among`, else `NOWHERE`, as for absent values.

    Arrow makes a table of what values are looked up in, so of many the few that matter are found
    first, by a table of the values.
    """
    if len(values) * _FEW < len(among):
        near = np.flatnonzero(is_in(among, values))
        return take(near, _first_positions(values, among.take(near)), NOWHERE)
    return _first_positions(values, among)


def _first_positions(values: pd.Series, among: pd.Series) -> Positions:
    found = pc.index_in(pa.array(values.array), pa.array(among.array), skip_nulls=True)
    positions: Positions = found.fill_null(NOWHERE).to_numpy().astype(np.int64)
    return positions


def is_in(values: pd.Series, among: pd.Series | Collection[str]) -> Flags:
    """Which of the values are in `among`; absent ones are not.

    In place of `Series.isin`, which walks through `among` in Python where it is text of Arrow.
    """
    wanted = among.array if isinstance(among, pd.Series) else list(among)
    found = pc.is_in(
        pa.array(values.array, _TEXT), value_set=pa.array(wanted, _TEXT), skip_nulls=True
    )
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags


def all_differ(values: pd.Series) -> bool:
    """Whether no value occurs twice; absent ones do not count."""
    present = pa.array(values.dropna().array)
    return len(pc.unique(present)) == len(present)


def find(values: pd.Series, among: pd.Series) -> Positions:
    """Like `locate`, for `among` in order; it is faster if `values` are in order, too."""
    if not len(among):
        return np.full(len(values), NOWHERE)
    heads, among_heads = _heads(values), _heads(among)
    order = np.argsort(heads)
    candidate = np.empty(len(values), dtype=np.int64)
    candidate[order] = np.minimum(np.searchsorted(among_heads, heads[order]), len(among) - 1)
    same_head = among_heads[candidate] == heads
    found = equal(values, among.take(candidate))
    doubtful = np.flatnonzero(same_head & ~found)
    position = np.where(found, candidate, NOWHERE)
    if len(doubtful):
        position[doubtful] = locate(values.take(doubtful), among)
    return position


def values_at(values: pd.Series, positions: Positions) -> pd.Series:
    """The values at these positions; absent at `NOWHERE`."""
    somewhere = pa.array(positions, mask=positions == NOWHERE)
    return pd.Series(pd.array(pa.array(values.array).take(somewhere), dtype=values.dtype))


def first_alike(values: pd.Series) -> Positions:
    """For each value the first position of an equal one: `locate(values, values)`, in order."""
    new = np.append(True, ~equal(values.iloc[1:], values.iloc[:-1]))[: len(values)]
    first = np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))
    return np.where(values.notna(), first, NOWHERE)


def pairs(one: Positions, other: Positions) -> tuple[Positions, Positions]:
    """The pairs of positions, sorted, each once; without those that have a `NOWHERE`."""
    known = (one >= 0) & (other >= 0)
    width = int(other.max(initial=0)) + 1
    pairs = np.sort(one[known] * width + other[known])
    pairs = pairs[np.diff(pairs, prepend=NOWHERE) > 0]
    return pairs // width, pairs % width


def equal(values: pd.Series, others: pd.Series) -> Flags:
    """Compares row by row, whatever the index; absent values equal nothing."""
    same = pc.equal(pa.array(values.array), pa.array(others.array)).fill_null(False)
    flags: Flags = same.to_numpy(zero_copy_only=False)
    return flags


def _heads(values: pd.Series) -> Heads:
    """The first eight UTF-8 bytes as a number; shorter text is padded with zeros."""
    text = pa.chunked_array(pa.array(values.array)).combine_chunks().fill_null("")
    _, offsets, content = text.buffers()
    ends = np.frombuffer(offsets, np.int64)[text.offset : text.offset + len(text) + 1]
    padded = np.append(np.frombuffer(content or b"", np.uint8), np.zeros(8, np.uint8))
    words = np.ndarray(len(padded) - 7, ">u8", padded, strides=(1,))
    heads: Heads = words[ends[:-1]].astype(np.uint64) & _KEPT[np.minimum(np.diff(ends), 8)]
    return heads


_KEPT = np.array([(1 << 64) - (1 << 64 - 8 * length) for length in range(9)], dtype=np.uint64)


def _beside(same: Flags) -> Flags:
    """Which rows equal a neighbour; `same[i]` says whether rows i and i + 1 are equal."""
    either: Flags = np.append(False, same) | np.append(same, False)
    return either


def _sorted_as_text(frame: pd.DataFrame, rows: Positions, columns: list[str]) -> Positions:
    taken = frame[columns].take(rows).reset_index(drop=True)
    sorted_rows = taken.sort_values(columns, na_position="first", kind="stable").index
    return cast("Positions", rows[sorted_rows.to_numpy()])
