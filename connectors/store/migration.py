"""Brings a database's schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from connectors.store.errors import Unavailable


def migrate(connection: Connection, scripts: Path, store: str) -> None:
    """From whichever revision it has, by alembic's `scripts`; `store` is what messages call it.

    Raises:
        Unavailable: its revision is none of these.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise Unavailable(f"opening the store {store}", "a newer seatsync made it; update this one")
    command.upgrade(config, "head")
