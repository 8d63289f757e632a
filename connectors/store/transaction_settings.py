"""Settings of PostgreSQL for each transaction of an engine ("SET LOCAL"), in one statement.

A session's own would be another program's, too, where a pooler hands sessions on.
"""

from collections.abc import Mapping
from itertools import chain

from sqlalchemy import Connection, Engine, event

_SETTINGS = "transaction_settings"


def with_settings(engine: Engine, settings: Mapping[str, str]) -> Engine:
    """The same database and connections, with these settings beside those that it has."""
    both = {**engine.get_execution_options().get(_SETTINGS, {}), **settings}
    return engine.execution_options(**{_SETTINGS: both})


def set_at_begin(engine: Engine) -> None:
    """From now on, for each transaction of this engine, and of those made of it."""
    event.listen(engine, "begin", _set)


def _set(connection: Connection) -> None:
    options = connection.get_execution_options()
    if (settings := options.get(_SETTINGS)) and options.get("isolation_level") != "AUTOCOMMIT":
        each = ", ".join(["set_config(%s, %s, true)"] * len(settings))
        connection.exec_driver_sql(f"SELECT {each}", tuple(chain.from_iterable(settings.items())))
