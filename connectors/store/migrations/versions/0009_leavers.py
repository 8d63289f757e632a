"""Since when users who hold a seat are in no group."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "leavers",
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("object_id"),
    )
