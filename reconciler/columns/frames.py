"""The declared schemas of the frames in a snapshot.

Text is Arrow-backed and absent values are ``pd.NA``: "not given" never looks like "empty".
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, cast

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# Arrow's default pool returns freed pages at once, and the next column gets cleared ones; the
# system's allocator keeps them. That saves a tenth of the time to read a million users, or to
# decide about them.
pa.set_memory_pool(pa.system_memory_pool())

TEXT = "string[pyarrow]"
FLAG = "boolean"

Texts = dict[str, "pd.Series[Any]"]
"""Columns of text by name; they all have the same rows."""

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.object_]
Times = NDArray[np.datetime64]
"""UTC, to the microsecond."""

Schema = Mapping[str, str]

# One row per direct member of a set's group, as Graph's /groups/{id}/members lists it.
# `kind` is the last part of @odata.type: user, group, device, servicePrincipal, orgContact.
MEMBERS: Schema = {"set": TEXT, "id": TEXT, "kind": TEXT}

# One row per user, with Graph's attribute names. Further attributes that the mapping reads are
# further columns; of multi-valued ones each cell is a JSON array. Only accountEnabled proves that
# a user was read, see `was_read`. `presence` is present, deleted (soft, restorable for 30 days),
# gone, or uncertain: Graph lists the user but does not find them, or contradicts itself about their
# groups.
PEOPLE: Schema = {
    "id": TEXT,
    "userPrincipalName": TEXT,
    "displayName": TEXT,
    "mail": TEXT,
    "givenName": TEXT,
    "surname": TEXT,
    "mailNickname": TEXT,
    "accountEnabled": FLAG,
    "userType": TEXT,
    "presence": TEXT,
}

# One row per SCIM User. The targets of the attribute mapping are further columns, named by their
# SCIM path, such as ``emails[type eq "work"].value``.
ACCOUNTS: Schema = {"account": TEXT, "userName": TEXT, "externalId": TEXT, "active": FLAG}

# One row per member of a vendor group; `set` is the group's name.
HOLDINGS: Schema = {"set": TEXT, "account": TEXT}

# The journal, one row per operation that was begun. `plan` is the number of its plan; `reason` is
# absent once the operation was purged. `result` is done or failed, and absent before its end.
JOURNAL: Schema = {
    "id": TEXT,
    "kind": TEXT,
    "reason": TEXT,
    "plan": "int64",
    "begun": "datetime64[us, UTC]",
    "result": TEXT,
}

# What the store remembers. Losing it loses no seat.
LINKS: Schema = {"id": TEXT, "account": TEXT}
# Users who were put into a set from here and not taken out again; see `Target.hiding_members`.
GRANTED: Schema = {"id": TEXT, "set": TEXT}
WAITS: Schema = {"id": TEXT, "set": TEXT, "since_run": "int64"}
# The last change from here of a user's account: created, reactivated or deactivated.
ACTIVATIONS: Schema = {"id": TEXT, "last": TEXT}
# Users who hold a seat and are in no group, and since when that is known.
LEAVERS: Schema = {"id": TEXT, "since": "datetime64[us, UTC]"}

# The last successful sign-in of a user to the vendor's application, and since when an account is
# known to hold a set.
LAST_SIGN_INS: Schema = {"id": TEXT, "last": "datetime64[us, UTC]"}
HELD_SINCE: Schema = {"set": TEXT, "account": TEXT, "since": "datetime64[us, UTC]"}

# One row per thing that a user gained or lost, in the order of the operations. `what` is set,
# product, account or login. `name` is the set's or product's; "" for an account, which is lost when
# it is deactivated; the SCIM path for a login: a changed user name or mail address, always gained.
CHANGES: Schema = {"id": TEXT, "what": TEXT, "name": TEXT, "gained": FLAG}


def column(values: Iterable[object], dtype: str) -> "pd.Series[Any]":
    """One column; None and NA are absent, whatever the dtype."""
    return pd.Series(_array(values, dtype))


def _array(values: Iterable[object], dtype: str) -> Any:
    """What pandas keeps of a column; Arrow makes few texts four times as fast as `pd.array`."""
    if dtype == TEXT:
        return _texts(pa.array(values, pa.large_string(), from_pandas=True))
    return pd.array(list(values), dtype=cast("Any", dtype))


def _texts(values: Any) -> Any:
    return pd.arrays.ArrowStringArray(values.cast(pa.large_string()))


def frame(
    schema: Schema, rows: Iterable[Mapping[str, object]] = (), extra: Iterable[str] = ()
) -> pd.DataFrame:
    """The rows as a frame of exactly the schema's columns, and of `extra` ones as text."""
    columns = {**dict.fromkeys(extra, TEXT), **schema}
    rows = list(rows)
    return pd.DataFrame(
        {name: _array((row.get(name) for row in rows), dtype) for name, dtype in columns.items()}
    )


def of_columns(schema: Schema, columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """The columns, all of the same length, as a frame of exactly the schema's."""
    return pd.DataFrame({name: _array(columns[name], dtype) for name, dtype in schema.items()})


def text(values: Any, size: int) -> "pd.Series[Any]":
    """The values as a column of text; a scalar is repeated `size` times."""
    if isinstance(values, pa.Scalar):
        values = pa.repeat(values, size)
    return pd.Series(_texts(values))


def is_text(values: "pd.Series[Any]", what: str, *, absent: bool = False) -> Flags:
    """Which cells equal the text `what`; absent cells count as `absent`."""
    same = pc.equal(pa.array(values.array), what).fill_null(absent)
    return cast("Flags", same.to_numpy(zero_copy_only=False))


def was_read(people: pd.DataFrame) -> Flags:
    """Which users (rows of `PEOPLE`) were read, and not only listed: accountEnabled is known.

    It is absent where Graph gives only an id, and for everybody where the app has only
    User.ReadBasic.All. Any other column may be absent for a user who was read.
    """
    return cast("Flags", people["accountEnabled"].notna().to_numpy())


def is_false(values: "pd.Series[Any]") -> Flags:
    """Which cells of a column of flags are false; absent ones are not."""
    return cast("Flags", ~values.to_numpy(dtype=bool, na_value=True))


def cells(values: "pd.Series[Any]", rows: NDArray[np.int64]) -> list[Any]:
    """The Python values at these positions; absent ones are None."""
    return cast("list[Any]", pa.array(values.array).take(pa.array(rows)).to_pylist())


def folded(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Case-folded. Arrow does it for ASCII, which nearly all names and addresses are."""
    text = pa.array(values.array)
    result = pd.Series(_texts(pc.ascii_lower(text)), index=values.index)
    other = pc.invert(pc.string_is_ascii(text)).fill_null(False).to_numpy(zero_copy_only=False)
    if other.any():
        result[other] = values[other].str.casefold()
    return result


def give_back_memory() -> None:
    """Releases what intermediate columns leave in the pool: 0.2 GB for a million users."""
    pa.default_memory_pool().release_unused()


_ROWS_AT_ONCE = 1 << 16  # serializing copies what is hashed


def digest(*frames: pd.DataFrame) -> str:
    """SHA-256 over the frames' content, whatever the order of their columns.

    Rows are hashed in their present order: sort them by `table_joins.ordered` first. Every column
    is hashed with its name, type and length, in Arrow's IPC format, which has the length of every
    text; so no two different contents give the same bytes.
    """
    total = sha256()
    for content in frames:
        for name in sorted(content.columns):
            values = pa.chunked_array(pa.array(content[name].array)).combine_chunks()
            total.update(orjson.dumps([name, str(values.type), len(values)]))
            for some in pa.table([values], [name]).to_batches(max_chunksize=_ROWS_AT_ONCE):
                total.update(some.serialize())
    give_back_memory()
    return f"sha256:{total.hexdigest()}"
