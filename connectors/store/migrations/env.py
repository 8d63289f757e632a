"""Alembic's entry: the connection comes from `connectors.store.database`."""

from alembic import context

from connectors.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
