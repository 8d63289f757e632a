"""Approvals are found by their plan, among those of thousands of tenants."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """It is not unique: a plan may need several."""
    op.create_index("approvals_plan", "approvals", ["pair", "plan_id"])
