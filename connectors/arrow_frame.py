"""Tables of Arrow as frames of the reconciler."""

import pandas as pd
import pyarrow as pa

_DTYPES = {pa.large_string(): pd.StringDtype("pyarrow"), pa.bool_(): pd.BooleanDtype()}


def frame_of(table: pa.Table) -> pd.DataFrame:
    """The table as a frame, in one chunk: pandas is slow with thousands of small ones."""
    content: pd.DataFrame = table.combine_chunks().to_pandas(types_mapper=_DTYPES.get)
    return content
