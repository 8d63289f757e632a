"""Users as columns: a page's JSON objects are let go as soon as the next page comes."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.entra.transport import Json
from connectors.errors import Unreachable
from reconciler.model import frames

TYPE = "@odata.type"
USER, GROUP = "user", "group"
PRESENT, DELETED, GONE, UNSEEN = "present", "deleted", "gone", "unseen"

_TEXT, _FLAG = pa.large_string(), pa.bool_()
_DTYPES = {_TEXT: pd.StringDtype("pyarrow"), _FLAG: pd.BooleanDtype()}


def selected(attributes: Iterable[str]) -> list[str]:
    """What to ask of a user: the frame's own columns, and what the mapping reads."""
    own = [name for name in frames.PEOPLE if name != "presence"]
    return [*own, *sorted(set(attributes) - set(own))]


class Columns:
    """Directory objects as Arrow columns of `selected` attributes and `TYPE`, filled by pages."""

    def __init__(self, attributes: Iterable[str]) -> None:
        self._chunks: dict[str, list[pa.Array]] = {
            name: [] for name in (TYPE, *selected(attributes))
        }

    def add(self, page: Sequence[Json]) -> None:
        """What Graph did not say is absent.

        Raises:
            Unreachable: a value has no id, or says something else than yes, no or nothing of
                being enabled; what is taken for "not said" would look like enabled.
        """
        columns = {name: _column(name, page) for name in self._chunks}  # all of the page, or none
        for name, column in columns.items():
            self._chunks[name].append(column)

    def table(self) -> pa.Table:
        """The distinct objects."""
        return distinct(
            pa.table(
                {name: pa.chunked_array(parts, _type(name)) for name, parts in self._chunks.items()}
            )
        )


def distinct(table: pa.Table) -> pa.Table:
    """Each id once."""
    if pc.count_distinct(table["id"]).as_py() == len(table):
        return table
    return table.filter(pa.array(~table["id"].to_pandas().duplicated()))


def people_frame(users: pa.Table, presence: str) -> pd.DataFrame:
    """One row per user, as `frames.PEOPLE` has it."""
    people = _frame(users.drop_columns([TYPE]))
    people["presence"] = constant(presence, len(people))
    return people


def users(tables: Sequence[pa.Table], attributes: Iterable[str]) -> pa.Table:
    """The people among groups' members, each once."""
    if not tables:
        return Columns(attributes).table()
    people = (table.filter(pc.equal(kinds(table), USER)) for table in tables)
    return distinct(pa.concat_tables(people))


def members_frame(tables: Iterable[tuple[str, pa.Table]]) -> pd.DataFrame:
    """Of sets' names and members: one row per membership, as `frames.MEMBERS` has it."""
    parts = [
        pa.table(
            {
                "set": pa.repeat(pa.scalar(name, _TEXT), len(table)),
                "id": table["id"],
                "kind": kinds(table),
            }
        )
        for name, table in tables
    ]
    if not parts:
        return frames.frame(frames.MEMBERS)
    return _frame(pa.concat_tables(parts))


def ids_alone(ids: Sequence[str], presence: str, attributes: Iterable[str]) -> pd.DataFrame:
    """People of whom nothing else is known."""
    columns = Columns(attributes)
    columns.add([{"id": value} for value in ids])
    return people_frame(columns.table(), presence)


def constant(text: str, length: int) -> "pd.Series[str]":
    """A column that says the same in every row."""
    return _frame(pa.table({"": pa.repeat(pa.scalar(text, _TEXT), length)}))[""]


def kinds(table: pa.Table) -> pa.ChunkedArray:
    """The last part of each object's ``@odata.type``; Graph leaves it out where all are users."""
    coded = table[TYPE].combine_chunks().fill_null(USER).dictionary_encode()
    words = [word.rpartition(".")[2] for word in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(words, _TEXT).take(coded.indices)])


def _frame(table: pa.Table) -> pd.DataFrame:
    content: pd.DataFrame = table.to_pandas(types_mapper=_DTYPES.get)
    return content


def _column(name: str, page: Sequence[Json]) -> pa.Array:
    try:
        try:
            values = list(map(itemgetter(name), page))  # the faster way, if Graph leaves none out
        except KeyError:
            values = [item.get(name) for item in page]
    except (TypeError, AttributeError):
        raise Unreachable("reading a page", "a value is no object") from None
    try:
        column = pa.array(values, _type(name))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        column = _other(name, values)
    if name == "id" and column.null_count:
        raise Unreachable("reading a page", "a value has no id")
    return column


def _other(name: str, values: list[Any]) -> pa.Array:
    """Numbers and lists, which some attributes are, in words."""
    if name == "id":
        raise Unreachable("reading a page", "a value has no id")
    if _type(name) == _FLAG:
        raise Unreachable("reading a page", f"an {name} is neither true nor false")
    return pa.array(frames.column(values, frames.TEXT), _TEXT)


def _type(name: str) -> pa.DataType:
    return _FLAG if frames.PEOPLE.get(name) == frames.FLAG else _TEXT
