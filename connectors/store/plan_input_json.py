"""What a plan was made of, as JSON: in this form two runs differ where their rows do.

A column is one list of values, without offsets or numbers of rows, so a row more or less moves
what follows it and changes nothing in it.
"""

from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa

from reconciler.columns.frames import TEXT
from reconciler.model.plan_input import PlanInput

_DTYPES = {"string": TEXT}
"""What pandas calls a type, where that does not say how the column is stored."""


def to_json(plan_input: PlanInput) -> bytes:
    """Keys stay in their order, which decides in an attribute mapping."""
    return msgspec.json.encode(plan_input, enc_hook=_encoded)


def from_json(content: bytes) -> PlanInput:
    """What `to_json` made this of.

    Raises:
        ValueError: it is none, or one of another version of the program.
    """
    return msgspec.json.decode(content, type=PlanInput, dec_hook=_decoded)


def _encoded(frame: object) -> object:
    """A frame as [name, type, values] of each column; times are microseconds since 1970."""
    if not isinstance(frame, pd.DataFrame):
        raise NotImplementedError(type(frame))
    return [
        (name, str(frame[name].dtype), msgspec.Raw(msgspec.json.encode(_values(frame[name]))))
        for name in frame.columns
    ]


def _values(column: "pd.Series[Any]") -> list[object]:
    values = pa.array(column.array)
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("us")).cast(pa.int64())
    return list(values.to_pylist())


def _decoded(wanted: type, columns: Any) -> pd.DataFrame:
    if wanted is not pd.DataFrame:
        raise NotImplementedError(wanted)
    return pd.DataFrame(
        {name: pd.Series(values, dtype=_DTYPES.get(kind, kind)) for name, kind, values in columns}
    )
