"""What a plan was made of, as JSON: in this form two runs differ where their rows do.

A column is one list of values, without offsets or numbers of rows, so a row more or less moves
what follows it and changes nothing in it. Each column is a part by itself, for the whole of a
million people would take more memory than deciding about them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa

from reconciler.columns.frames import TEXT
from reconciler.model.plan_input import PlanInput

_DTYPES = {"string": TEXT}
"""What pandas calls a type, where that does not say how the column is stored."""

_REST = "rest"
"""The part that has all but the columns."""


def to_parts(plan_input: PlanInput) -> Iterator[tuple[str, bytes]]:
    """The parts with their names, one by one. Keys stay in their order, which decides in an
    attribute mapping.

    In place of a frame the rest has [name, type, part] of each column.
    """
    columns: dict[str, pd.Series[Any]] = {}
    frames: list[pd.DataFrame] = []

    def named(frame: object) -> object:
        if not isinstance(frame, pd.DataFrame):
            raise NotImplementedError(type(frame))
        frames.append(frame)
        parts = {name: f"{len(frames)} {name}" for name in frame.columns}
        columns.update((part, frame[name]) for name, part in parts.items())
        return [(name, str(frame[name].dtype), part) for name, part in parts.items()]

    yield _REST, msgspec.json.encode(plan_input, enc_hook=named)
    for part, column in columns.items():
        yield part, msgspec.json.encode(_values(column))


def from_parts(parts: Mapping[str, bytes]) -> PlanInput:
    """What `to_parts` made these of.

    Raises:
        ValueError: they are none, or those of another version of the program.
    """

    def frame(wanted: type, columns: Any) -> pd.DataFrame:
        if wanted is not pd.DataFrame:
            raise NotImplementedError(wanted)
        return pd.DataFrame(
            {
                name: pd.Series(msgspec.json.decode(parts[part]), dtype=_DTYPES.get(kind, kind))
                for name, kind, part in columns
            }
        )

    try:
        return msgspec.json.decode(parts[_REST], type=PlanInput, dec_hook=frame)
    except KeyError:
        raise ValueError("it is damaged, or another version of the program kept it") from None


def _values(column: "pd.Series[Any]") -> list[object]:
    """Times are microseconds since 1970."""
    values = pa.array(column.array)
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("us")).cast(pa.int64())
    return list(values.to_pylist())
