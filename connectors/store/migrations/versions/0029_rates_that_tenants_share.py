"""When the runs of a fleet may send their next request to a server whose limit they share."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Nobody has sent anything yet."""
    op.create_table(
        "shared_rates",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
