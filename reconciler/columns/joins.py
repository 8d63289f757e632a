"""Columns beside one another: in one order, and joined by the positions of their rows.

A join is a column of positions. Of three users and two accounts, where the second user has no
account and the first user's is inactive:

    user  account of the user   account  inactive   take(inactive, account of the user)
    ana   1                     0        False      True
    bob   NOWHERE               1        True       False, which is the `missing`
    zoe   0                                         False

So nothing is merged or copied to ask a question of somebody's account: the answer is taken from
where it stands, and `NOWHERE` has an answer of its own.

One order of the rows keeps everything from depending on the order of answers. Ids are long text,
and there are millions of them. The first eight bytes of a text, taken as a number, sort like the
text itself, and nearly always tell two ids apart; only what they leave tied is compared as text.
Two columns in order are joined by walking along both at once.
"""

from typing import TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reconciler.columns.frames import Flags, Positions

Heads = NDArray[np.uint64]

NOWHERE = -1
"""The position of what is not there. It is the last one of a column to numpy, so a column is asked
by `take`, and never indexed by positions that may be nowhere.
"""

Value = TypeVar("Value", bound=np.generic)


def take(values: NDArray[Value], positions: Positions, missing: object = False) -> NDArray[Value]:
    """The values at these positions, and `missing` for nowhere."""
    return cast("NDArray[Value]", np.append(values, np.array([missing], values.dtype))[positions])


def ordered(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows sorted by the text of `key`, absent first; of equal keys by everything else."""
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
    """For each value its first position in `among`, -1 for none; absent values are nowhere."""
    found = pc.index_in(pa.array(values.array), pa.array(among.array), skip_nulls=True)
    positions: Positions = found.fill_null(NOWHERE).to_numpy().astype(np.int64)
    return positions


def is_in(values: pd.Series, among: pd.Series) -> Flags:
    """Which of the values stand in `among`; absent ones do not."""
    found = pc.is_in(pa.array(values.array), pa.array(among.array), skip_nulls=True)
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags


def all_differ(values: pd.Series) -> bool:
    """No present value stands there twice."""
    present = pa.array(values.dropna().array)
    return len(pc.unique(present)) == len(present)


def find(values: pd.Series, among: pd.Series) -> Positions:
    """Like `locate`; `among` is in order, and it is faster if `values` are, too."""
    if not len(among):
        return np.full(len(values), NOWHERE)
    asked, there = _heads(values), _heads(among)
    order = np.argsort(asked)
    at = np.empty(len(values), dtype=np.int64)
    at[order] = np.minimum(np.searchsorted(there, asked[order]), len(among) - 1)
    alike = there[at] == asked
    found = equal(values, among.take(at))
    doubtful = np.flatnonzero(alike & ~found)
    position = np.where(found, at, NOWHERE)
    if len(doubtful):
        near = np.flatnonzero(np.isin(there, asked[doubtful]))
        within = locate(values.take(doubtful), among.take(near))
        position[doubtful] = np.where(within >= 0, near[within], NOWHERE)
    return position


def values_at(values: pd.Series, positions: Positions) -> pd.Series:
    """The values at these positions; absent for nowhere."""
    somewhere = pa.array(positions, mask=positions == NOWHERE)
    return pd.Series(pd.array(pa.array(values.array).take(somewhere), dtype=values.dtype))


def first_alike(values: pd.Series) -> Positions:
    """For each value of a column in order the first position where it stands, as `locate` says."""
    new = np.append(True, ~equal(values.iloc[1:], values.iloc[:-1]))[: len(values)]
    first = np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))
    return np.where(values.notna(), first, NOWHERE)


def pairs(one: Positions, other: Positions) -> tuple[Positions, Positions]:
    """The pairs of positions, sorted, each once; without those of which one is nowhere."""
    known = (one >= 0) & (other >= 0)
    width = int(other.max(initial=0)) + 1
    pairs = np.sort(one[known] * width + other[known])
    pairs = pairs[np.diff(pairs, prepend=NOWHERE) > 0]
    return pairs // width, pairs % width


def equal(values: pd.Series, others: pd.Series) -> Flags:
    """Row by row, whatever the index; absent values equal nothing."""
    same = pc.equal(pa.array(values.array), pa.array(others.array)).fill_null(False)
    flags: Flags = same.to_numpy(zero_copy_only=False)
    return flags


def _heads(values: pd.Series) -> Heads:
    """The first eight UTF-8 bytes as a number, shorter text filled up with zeros."""
    text = pa.chunked_array(pa.array(values.array)).combine_chunks().fill_null("")
    _, offsets, content = text.buffers()
    ends = np.frombuffer(offsets, np.int64)[text.offset : text.offset + len(text) + 1]
    padded = np.append(np.frombuffer(content or b"", np.uint8), np.zeros(8, np.uint8))
    words = np.ndarray(len(padded) - 7, ">u8", padded, strides=(1,))
    heads: Heads = words[ends[:-1]].astype(np.uint64) & _KEPT[np.minimum(np.diff(ends), 8)]
    return heads


_KEPT = np.array([(1 << 64) - (1 << 64 - 8 * length) for length in range(9)], dtype=np.uint64)


def _beside(same: Flags) -> Flags:
    """Which entries equal a neighbour; `same` tells it of each but the first and the one before."""
    either: Flags = np.append(False, same) | np.append(same, False)
    return either


def _sorted_as_text(frame: pd.DataFrame, rows: Positions, columns: list[str]) -> Positions:
    taken = frame[columns].take(rows).reset_index(drop=True)
    sorted_rows = taken.sort_values(columns, na_position="first", kind="stable").index
    return cast("Positions", rows[sorted_rows.to_numpy()])
