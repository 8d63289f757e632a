"""What the vendor's server was seen to do."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "capabilities",
        sa.Column("base_url", sa.String(length=255), nullable=False),
        sa.Column("feature", sa.String(length=16), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("base_url", "feature"),
    )
