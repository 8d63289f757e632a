"""What every part of a transaction is made of."""

from sqlalchemy import ColumnElement, Connection, FromClause


class TransactionPart:
    """The tables of one subject, within a transaction that is under way.

    Of every table it reads and writes the rows of one `pair` of tenant and vendor alone.
    """

    def __init__(self, connection: Connection, pair: str) -> None:
        self._connection = connection
        self._pair = pair

    def _ours(self, table: FromClause) -> ColumnElement[bool]:
        """Which rows are of the pair."""
        return table.c.pair == self._pair
