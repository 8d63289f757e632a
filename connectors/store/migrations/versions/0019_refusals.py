"""What the vendor refused gets a table of its own, with how often, since when, and why.

It was kept among the capabilities as "refused once: KEY" and "refused twice: KEY".
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """What was refused before is asked for again, and refused or not."""
    op.create_table(
        "refusals",
        sa.Column("pair", sa.String(36), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("last", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["identity.id"]),
    )
    op.execute("DELETE FROM capabilities WHERE feature LIKE 'refused %: %'")
