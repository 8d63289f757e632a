"""A database can have the stores of many tenants, each by its name; the one of before has none."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """The pair that is there stays the one that is opened without a name."""
    op.add_column("identity", sa.Column("name", sa.String(63), nullable=False, server_default=""))
    op.create_index("identity_name", "identity", ["name"], unique=True)
