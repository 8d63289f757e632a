"""What a plan leaves for the next one to know."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Whose store it is, the groups that were bound to sets, and the seats of the latest plan."""
    op.add_column("identity", sa.Column("tenant_id", sa.String(length=36)))
    op.add_column("identity", sa.Column("vendor", sa.String(length=255)))
    op.add_column("sets", sa.Column("group_id", sa.String(length=36)))
    op.create_table(
        "seats",
        sa.Column("product", sa.String(length=255), nullable=False),
        sa.Column("purchased", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("product"),
    )
