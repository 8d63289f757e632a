"""The declared columns, and the one that proves that a user was read."""

import pandas as pd
import pytest

from reconciler.columns import frames
from reconciler.columns.frames import was_read

READ = {name: True if dtype == frames.FLAG else "x" for name, dtype in frames.PEOPLE.items()}


@pytest.mark.parametrize("name", frames.PEOPLE)
def test_a_user_was_read_of_whom_it_is_known_whether_they_are_enabled(name: str) -> None:
    people = frames.frame(frames.PEOPLE, [READ, {**READ, name: None}])
    assert was_read(people).tolist() == [True, name != "accountEnabled"]


@pytest.mark.parametrize(
    ("dtype", "value"), [(frames.TEXT, "ana"), (frames.FLAG, True)], ids=["text", "flags"]
)
def test_of_a_column_none_and_na_are_absent(dtype: str, value: object) -> None:
    column = frames.column([None, value, pd.NA], dtype)
    assert column.dtype == dtype
    assert column.isna().tolist() == [True, False, True]
    assert column[1] == value
