"""What every part of a transaction is made of."""

from sqlalchemy import Connection


class Rows:
    """The tables of one subject, within a transaction that is under way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
