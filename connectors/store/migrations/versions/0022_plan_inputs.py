"""What plans were made of is kept, so that they can be made again with other settings."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Of plans that are there already, nobody knows it."""
    op.create_table(
        "plan_inputs",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("plan_id", sa.String(36), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
        sa.ForeignKeyConstraint(["pair", "plan_id"], ["plans.pair", "plans.id"]),
    )
