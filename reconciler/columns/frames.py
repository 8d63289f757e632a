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

# Arrow's own pool gives every page back at once and has it cleared for the next column; the
# system's keeps it. That is a tenth of the time to read a million users, or to decide about them.
pa.set_memory_pool(pa.system_memory_pool())

TEXT = "string[pyarrow]"
FLAG = "boolean"

Texts = dict[str, "pd.Series[Any]"]
"""Columns of text by their names, row by row with one another."""

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.object_]
Times = NDArray[np.datetime64]
"""UTC, to the microsecond."""

Schema = Mapping[str, str]

# One row per direct member of a set's group, as Graph's /groups/{id}/members lists it.
# `kind` is the last part of @odata.type: user, group, device, servicePrincipal, orgContact.
MEMBERS: Schema = {"set": TEXT, "id": TEXT, "kind": TEXT}

# One row per user, with Graph's own attribute names; further ones that the attribute mapping
# reads come on top. Only one of them proves that a user was read, see `was_read`. `presence` is
# present, deleted (soft, restorable for 30 days), gone, or uncertain: Graph lists the user and does
# not find them, or says two things of their groups, so nothing is known.
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

# One row per SCIM User. The columns that the attribute mapping targets come on top, named by
# their SCIM path, such as ``emails[type eq "work"].value``.
ACCOUNTS: Schema = {"account": TEXT, "userName": TEXT, "externalId": TEXT, "active": FLAG}

# One row per member of a vendor group; `set` is the group's name.
HOLDINGS: Schema = {"set": TEXT, "account": TEXT}

# The journal, one row per operation that was begun. `plan` is the number of its plan; `reason` is
# absent once the operation was purged, `result` (done, failed) while it has no end.
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
# Who was put into a set from here and not taken out again; see `Target.unshown`.
GRANTED: Schema = {"id": TEXT, "set": TEXT}
WAITS: Schema = {"id": TEXT, "set": TEXT, "since_run": "int64"}
# What we last did to the account of a user: created, reactivated or deactivated it.
SWITCHES: Schema = {"id": TEXT, "last": TEXT}
# Users who hold a seat and are in no group, and since when that is known.
LEAVERS: Schema = {"id": TEXT, "since": "datetime64[us, UTC]"}

# What users gained and lost, one row per thing, in the order in which it was done. `what` is set,
# product, account or login; an account is lost when it is deactivated, and has no `name`; of a
# login, which is another user name or mail address, only the new one is there, by its SCIM path.
CHANGES: Schema = {"id": TEXT, "what": TEXT, "name": TEXT, "gained": FLAG}


def column(values: Iterable[object], dtype: str) -> "pd.Series[Any]":
    """One column; None is absent, whatever the dtype."""
    return pd.Series(list(values), dtype=cast("Any", dtype))


def frame(
    schema: Schema, rows: Iterable[Mapping[str, object]] = (), extra: Iterable[str] = ()
) -> pd.DataFrame:
    """The rows as a frame of exactly the schema's columns, and of `extra` ones as text."""
    columns = {**dict.fromkeys(extra, TEXT), **schema}
    rows = list(rows)
    return pd.DataFrame(
        {name: column((row.get(name) for row in rows), dtype) for name, dtype in columns.items()}
    )


def text(values: Any, size: int) -> "pd.Series[Any]":
    """A column of Arrow's text; a scalar stands for a whole column of `size`."""
    if isinstance(values, pa.Scalar):
        values = pa.repeat(values, size)
    return pd.Series(pd.array(values, dtype=TEXT))


def says(values: "pd.Series[Any]", what: str, *, absent: bool = False) -> Flags:
    """Which cells are this text; `absent` says what absent ones count as."""
    same = pc.equal(pa.array(values.array), what).fill_null(absent)
    return cast("Flags", same.to_numpy(zero_copy_only=False))


def was_read(people: pd.DataFrame) -> Flags:
    """Which users (rows of `PEOPLE`) were read, and not only named: it is known whether they are
    enabled.

    Not so where Graph gives an id alone, nor of anybody where the app has User.ReadBasic.All. Any
    other column may be absent of somebody who was read.
    """
    return cast("Flags", people["accountEnabled"].notna().to_numpy())


def is_false(values: "pd.Series[Any]") -> Flags:
    """Which cells of a column of flags are false; absent ones are not."""
    return cast("Flags", ~values.to_numpy(dtype=bool, na_value=True))


def cells(values: "pd.Series[Any]", rows: NDArray[np.int64]) -> list[Any]:
    """The Python values at these positions, gathered in one go; absent ones are None."""
    return cast("list[Any]", pa.array(values.array).take(pa.array(rows)).to_pylist())


def folded(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Case-folded. Arrow folds ASCII at once, which nearly every name and address is."""
    text = pa.array(values.array)
    result = pd.Series(pd.array(pc.ascii_lower(text), dtype=TEXT), index=values.index)
    other = pc.invert(pc.string_is_ascii(text)).fill_null(False).to_numpy(zero_copy_only=False)
    if other.any():
        result[other] = values[other].str.casefold()
    return result


def give_back_memory() -> None:
    """What columns that were needed on the way leave behind: of a million users, 0.2 GB."""
    pa.default_memory_pool().release_unused()


_ROWS_AT_ONCE = 1 << 16  # of the bytes that are hashed, a copy is made first


def digest(*frames: pd.DataFrame) -> str:
    """SHA-256 over the frames' content, whatever the order of their columns.

    The rows are taken as they stand: in the one order that `reconciler.columns.joins` gives them,
    equal content has equal bytes. Every column is hashed under its name and type, as Arrow's IPC
    writes it, with all lengths; so different content never runs together to the same bytes.
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
