"""Accounts as columns: a page's JSON objects are freed before the next page is read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa

from config.scim_attribute_path import ScimPath
from connectors.arrow_frame import frame_of
from connectors.scim.attribute_paths import Resource, external_id, is_active, mails, reader

ID, USER_NAME, EXTERNAL_ID, ACTIVE = "account", "userName", "externalId", "active"
VERSION, MAILS = "meta.version", "emails"

ROWS = 1 << 10
"""Accounts that become one piece of each column: with every small page one, the pieces themselves
would take more memory than what is in them.
"""

Value: TypeAlias = Any
"""Text, a flag, several texts, or None."""


class AccountColumns:
    """What is kept of every account; absent values are null.

    `ID`, `USER_NAME`, `EXTERNAL_ID`, `ACTIVE`, `VERSION`, each of the `paths`, and in `MAILS` the
    mail addresses that stand in none of these.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        text = dict.fromkeys([USER_NAME, EXTERNAL_ID, *paths, VERSION])
        text.pop(ACTIVE, None)
        self._readers: dict[str, Callable[[Resource], Value]] = {
            ID: lambda user: str(user["id"]),
            **{path: reader(path) for path in text},
            EXTERNAL_ID: external_id,
            ACTIVE: is_active,
        }
        self._mail_paths = [path for path in text if _is_mail(path)]
        self._types = dict.fromkeys([ID, *text], pa.large_string()) | {
            ACTIVE: pa.bool_(),
            MAILS: pa.list_(pa.large_string()),
        }
        self._pieces: dict[str, list[pa.Array]] = {name: [] for name in self._types}
        self._open: dict[str, list[Value]] = {name: [] for name in self._types}

    def add(self, users: Sequence[Resource]) -> None:
        """Adds accounts; none of them may be there already."""
        said = {name: list(map(read, users)) for name, read in self._readers.items()}
        said[MAILS] = list(map(mails, users))
        for path in self._mail_paths:
            for further, mapped in zip(said[MAILS], said[path], strict=True):
                further.discard(mapped)
        for name, values in said.items():
            self._open[name] += values
        if len(self._open[ID]) >= ROWS:
            self._close()

    def __getitem__(self, name: str) -> pa.Array:
        """A column, in one piece."""
        self._close()
        pieces = self._pieces[name]
        if len(pieces) != 1:
            pieces[:] = [pa.chunked_array(pieces, self._types[name]).combine_chunks()]
        return pieces[0]

    @property
    def ids(self) -> "pd.Series[str]":
        """The accounts' ids."""
        return frame_of(pa.table({ID: self[ID]}))[ID]

    def names(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Per account its id, externalId and userName."""
        return zip(*(self[name].to_pylist() for name in (ID, EXTERNAL_ID, USER_NAME)), strict=True)

    def mails(self) -> Iterator[tuple[str, str]]:
        """Every mail address, after the id of its account."""
        ids = self[ID].to_pylist()
        for path in self._mail_paths:
            mapped = zip(ids, self[path].to_pylist(), strict=True)
            yield from ((at, mail) for at, mail in mapped if mail)
        for at, further in zip(ids, self[MAILS].to_pylist(), strict=True):
            yield from ((at, mail) for mail in further)

    def versions(self) -> dict[str, str]:
        """The version of each account that has one (RFC 7644, section 3.14)."""
        if self[VERSION].null_count == len(self[VERSION]):
            return {}
        pairs = zip(self[ID].to_pylist(), self[VERSION].to_pylist(), strict=True)
        return {at: version for at, version in pairs if version}

    def frame(self, paths: Iterable[str]) -> pd.DataFrame:
        """These columns as `reconciler.columns.frames.ACCOUNTS` has them."""
        named = dict.fromkeys([ID, USER_NAME, EXTERNAL_ID, *paths])
        named.pop(ACTIVE, None)
        return frame_of(pa.table({name: self[name] for name in (*named, ACTIVE)}))

    def _close(self) -> None:
        for name, values in self._open.items():
            if values:
                self._pieces[name].append(pa.array(values, self._types[name]))
                values.clear()


def _is_mail(path: str) -> bool:
    at = ScimPath.parse(path)
    return (at.schema, at.attribute, at.sub) == (None, "emails", "value")
