"""When it was announced to users that their seat will be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Nobody was told before."""
    op.create_table(
        "reclaim_announcements",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("object_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
