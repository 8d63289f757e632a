"""What the vendor called a set's group when it was made, and since when it is not visible."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Two columns, which are known of the groups that are made from now on."""
    op.add_column("sets", sa.Column("vendor_name", sa.String(255)))
    op.add_column("sets", sa.Column("vendor_unseen", Utc()))
