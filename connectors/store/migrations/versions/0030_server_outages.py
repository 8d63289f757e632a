"""Servers because of which runs of several tenants of a fleet failed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Of former runs it is not known."""
    op.create_table(
        "server_failures",
        sa.Column("tenant", sa.String(36), primary_key=True),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["identity.id"]),
    )
    op.create_table(
        "server_outages",
        sa.Column("server", sa.Text(), primary_key=True),
        sa.Column("since", sa.DateTime(), nullable=False),
    )
