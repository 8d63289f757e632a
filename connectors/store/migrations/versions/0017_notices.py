"""What people are told of runs, and whether it was delivered."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Said, Utc

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "notices",
        sa.Column("pair", sa.String(36), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", Said(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
        sa.PrimaryKeyConstraint("pair", "receiver", "key"),
    )
