"""Brings a database's schema up to date."""

from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert

from connectors.store.errors import Unavailable
from connectors.store.row_security import lifted
from connectors.store.schema import identity, metadata


def migrate(connection: Connection, scripts: Path, store: str) -> None:
    """From whichever revision it has, by alembic's `scripts`; `store` is what messages call it.

    A new one gets today's tables at once (alembic's cookbook, "Building an Up to Date Database from
    Scratch").

    Raises:
        Unavailable: its revision is none of these.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    directory = ScriptDirectory.from_config(config)
    context = MigrationContext.configure(connection)
    current = context.get_current_revision()
    if current is None:
        metadata.create_all(connection, checkfirst=False)
        connection.execute(insert(identity).values(id=str(uuid4())))
        context.stamp(directory, "head")
        return
    if current not in {script.revision for script in directory.walk_revisions()}:
        raise Unavailable(f"opening the store {store}", "a newer seatsync made it; update this one")
    with lifted(connection):
        command.upgrade(config, "head")
