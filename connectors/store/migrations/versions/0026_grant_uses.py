"""When seats were granted, and used first after that."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Of former grants only the last sign-in is known, which is not the first."""
    op.create_table(
        "grant_uses",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("object_id", sa.String(36), primary_key=True),
        sa.Column("product", sa.String(255), primary_key=True),
        sa.Column("granted", sa.DateTime(), primary_key=True),
        sa.Column("used", sa.DateTime()),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
