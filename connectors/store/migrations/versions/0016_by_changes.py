"""Whether a group was read by what had changed since an earlier run, or in full."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """One column; of earlier runs it is not known."""
    op.add_column("reads", sa.Column("by_changes", sa.Boolean()))
