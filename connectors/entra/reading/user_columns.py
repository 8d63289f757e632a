"""Users as columns: a page's JSON objects are freed before the next page is read."""

from collections.abc import Iterable, Sequence

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from config.graph_user import EXTENSION_ATTRIBUTES, flattened, selectable
from connectors.arrow_frame import frame_of
from connectors.entra.answers import Json
from connectors.errors import Unreachable
from connectors.id_validation import OBJECT_ID
from reconciler.columns import frames

PRESENT, DELETED, GONE, UNCERTAIN = "present", "deleted", "gone", "uncertain"
KIND, USER, GROUP = "kind", "user", "group"

_TYPE = "@odata.type"
_TEXT, _FLAG = pa.large_string(), pa.bool_()


def selected(attributes: Iterable[str]) -> list[str]:
    """What to ask of a user, so that the columns can be filled."""
    return list(dict.fromkeys(map(selectable, _columns(attributes))))


def _columns(attributes: Iterable[str]) -> list[str]:
    """The frame's own, and what mapping and filters read."""
    own = [name for name in frames.PEOPLE if name != "presence"]
    return [*own, *sorted(set(attributes) - set(own))]


class Columns:
    """Directory objects as Arrow columns: these attributes, those of every user, and `KIND`."""

    def __init__(self, attributes: Iterable[str]) -> None:
        names = _columns(attributes)
        self._schema = pa.schema([(name, _type(name)) for name in (_TYPE, *names)])
        self._nested = not EXTENSION_ATTRIBUTES.isdisjoint(names)
        self._rows = pa.struct(list(self._schema))
        self._pages: list[pa.RecordBatch] = []

    def add(self, page: Sequence[Json]) -> None:
        """Adds a page; what Graph does not say is absent.

        Raises:
            Unreachable: a value is no object, has no valid id, or its accountEnabled is not true,
                false or null: anything else must not be taken for "not given".
        """
        if self._nested:
            page = [flattened(item) if isinstance(item, dict) else item for item in page]
        try:
            rows = pa.array(page, self._rows)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            rows = pa.array([self._in_words(item) for item in page], self._rows)
        columns = pa.RecordBatch.from_struct_array(rows)
        named = pc.match_substring_regex(columns["id"], f"^{OBJECT_ID}$").fill_null(False)
        if rows.null_count or not pc.all(named, min_count=0).as_py():
            raise Unreachable("reading a page", "a value has no usable id")
        self._pages.append(columns)

    def table(self) -> pa.Table:
        """The distinct objects."""
        table = pa.Table.from_batches(self._pages, self._schema)
        return distinct(table.set_column(0, KIND, _kinds(table[_TYPE])))

    def _in_words(self, item: Json) -> Json:
        """The object with numbers, which some attributes are, as text, and lists as JSON."""
        if not isinstance(item, dict):
            raise Unreachable("reading a page", "a value has no usable id")
        given = {name: item[name] for name in self._schema.names if item.get(name) is not None}
        if not isinstance(given.get("accountEnabled", True), bool):
            raise Unreachable("reading a page", "an accountEnabled is neither true nor false")
        if not isinstance(given.get("id"), str):
            raise Unreachable("reading a page", "a value has no usable id")
        return {
            name: value if self._schema.field(name).type == _FLAG else _text(value)
            for name, value in given.items()
        }


def _text(value: object) -> str:
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else str(value)


def distinct(table: pa.Table) -> pa.Table:
    """The rows with each id once."""
    if pc.count_distinct(table["id"]).as_py() == len(table):
        return table
    return table.filter(pa.array(~table["id"].to_pandas().duplicated()))


def of_kind(table: pa.Table, kind: str) -> pa.Table:
    """The rows of this kind, such as users or groups."""
    alike = pc.equal(table[KIND], kind)
    return table if pc.all(alike).as_py() else table.filter(alike)


def users(tables: Sequence[pa.Table], attributes: Iterable[str]) -> pa.Table:
    """The users among groups' members, each once."""
    if not tables:
        return Columns(attributes).table()
    people = [of_kind(table, USER) for table in tables]
    return distinct(pa.concat_tables(people)) if len(people) > 1 else people[0]


def people_frame(people: pa.Table, presence: str) -> pd.DataFrame:
    """One row per user, as `frames.PEOPLE` has it."""
    return frame_of(
        people.drop_columns([KIND]).append_column("presence", _constant(presence, people))
    )


def members_frame(tables: Iterable[tuple[str, pa.Table]]) -> pd.DataFrame:
    """One row per membership (`frames.MEMBERS`), from pairs of a set's name and members."""
    parts = [
        table.select(["id", KIND]).add_column(0, "set", _constant(name, table))
        for name, table in tables
    ]
    return frame_of(pa.concat_tables(parts)) if parts else frames.frame(frames.MEMBERS)


def ids_alone(ids: Sequence[str], presence: str, attributes: Iterable[str]) -> pd.DataFrame:
    """Rows of users of whom only id and presence are known."""
    columns = Columns(attributes)
    columns.add([{"id": value} for value in ids])
    return people_frame(columns.table(), presence)


def _kinds(types: pa.ChunkedArray) -> pa.Array:
    """The last part of each ``@odata.type``; Graph leaves it out where all are users."""
    coded = types.combine_chunks().fill_null(USER).dictionary_encode()
    words = [word.rpartition(".")[2] for word in coded.dictionary.to_pylist()]
    return pa.array(words, _TEXT).take(coded.indices)


def _constant(text: str, table: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(text, _TEXT), len(table))


def _type(name: str) -> pa.DataType:
    return _FLAG if frames.PEOPLE.get(name) == frames.FLAG else _TEXT
