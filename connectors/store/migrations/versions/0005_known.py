"""What is known of the directory, and where Graph goes on telling what changes in it."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "known",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("read", Utc(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope"),
    )
