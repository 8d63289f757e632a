"""What a fleet's tenants lose by their plans, and from when to when nothing is applied for any."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Of former plans it is not counted."""
    op.create_table(
        "fleet_plans",
        sa.Column("tenant", sa.String(36), primary_key=True),
        sa.Column("plan_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("losses", sa.JSON(), nullable=False),
        sa.Column("unusual", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["identity.id"]),
    )
    op.create_index("fleet_plans_at", "fleet_plans", ["at"])
    op.create_table(
        "fleet_stops",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("tripped_by", sa.String(36), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("tenants", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("ended", sa.DateTime()),
        sa.Column("ended_by", sa.Text()),
        sa.Column("reason", sa.Text()),
    )
