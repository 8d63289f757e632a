"""The rows of links lie in their key, in SQLite; PostgreSQL has no such tables."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """The table is made anew with its rows, in the order of the key."""
    if op.get_context().dialect.name != "sqlite":
        return
    op.rename_table("links", "links_0022")
    op.create_table(
        "links",
        sa.Column("pair", sa.String(36), nullable=False),
        sa.Column("object_id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(255), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
        sa.PrimaryKeyConstraint("pair", "object_id"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO links SELECT pair, object_id, account, since FROM links_0022 "
        "ORDER BY pair, object_id"
    )
    op.drop_table("links_0022")
