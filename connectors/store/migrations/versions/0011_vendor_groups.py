"""The ids of the vendor's groups of each set: with its accounts, they tell its organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """One column; the ids are known from the next plan on."""
    op.add_column("sets", sa.Column("vendor_groups", sa.JSON()))
