"""Keeps what is known of the directory between runs. Losing it costs a full read, and no seat."""

import pandas as pd
import pyarrow as pa
from sqlalchemy import delete, insert, select

from connectors.store.schema import known
from connectors.store.transaction_part import TransactionPart
from reconciler.model.directory_cache import DirectoryCache, Links

_DTYPES = {pa.large_string(): pd.StringDtype("pyarrow"), pa.bool_(): pd.BooleanDtype()}


class CachedDirectory(TransactionPart):
    """One row, written whole."""

    def load(self, scope: str) -> DirectoryCache | None:
        """What is known of this scope; nothing if the row cannot be read any more."""
        query = select(known).where(self._ours(known), known.c.scope == scope)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        try:
            links = Links(tuple(row.links["groups"]), row.links["users"])
            members, people = _unpacked(row.members), _unpacked(row.people)
        except (pa.ArrowException, OSError, KeyError, TypeError):
            return None
        return DirectoryCache(row.scope, row.read, row.rounds, links, members, people)

    def save(self, content: DirectoryCache) -> None:
        """In the place of everything before."""
        row = {
            "pair": self._pair,
            "scope": content.scope,
            "read": content.read,
            "rounds": content.rounds,
            "links": {"groups": content.links.groups, "users": content.links.users},
            "members": _packed(content.members),
            "people": _packed(content.people),
        }
        self.drop()
        self._connection.execute(insert(known), row)

    def drop(self) -> None:
        """Nothing is known any more."""
        self._connection.execute(delete(known).where(self._ours(known)))


def _packed(frame: pd.DataFrame) -> bytes:
    """Arrow's IPC stream, compressed."""
    table = pa.table({name: pa.array(frame[name].array) for name in frame.columns})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _unpacked(content: bytes) -> pd.DataFrame:
    table = pa.ipc.open_stream(content).read_all()
    frame: pd.DataFrame = table.combine_chunks().to_pandas(types_mapper=_DTYPES.get)
    return frame
