"""When the vendor's API token was generated: `seatsync token set` records it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """One table. Until there is a record the configuration alone says it."""
    op.create_table(
        "vendor_tokens",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("lifetime_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
