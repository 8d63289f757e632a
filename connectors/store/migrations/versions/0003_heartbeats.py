"""The lease has a heartbeat instead of an end."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A lease outlives no run, so none is carried over."""
    op.drop_table("lease")
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("heartbeat", Utc(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
