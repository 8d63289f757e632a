"""When seats were used last, since when they are held, and how long sign-ins were watched."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Nothing was watched before."""
    op.create_table(
        "sign_in_watch",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("application", sa.String(36), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("through", sa.DateTime(), nullable=False),
        sa.Column("newest_id", sa.String(36)),
        sa.Column("newest_at", sa.DateTime()),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
    op.create_table(
        "last_sign_ins",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("object_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
    op.create_table(
        "held_since",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("set_name", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(255), primary_key=True),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
