"""Since when a fleet's tenant is paused, and when its latest run was put into the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Neither has happened yet."""
    op.add_column("identity", sa.Column("paused", sa.DateTime()))
    op.add_column("identity", sa.Column("queued", sa.DateTime()))
