"""What the vendor called a set's group when it was made, and when; longer names of features."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Two columns, which are known of the groups that are made from now on."""
    op.add_column("sets", sa.Column("vendor_name", sa.String(255)))
    op.add_column("sets", sa.Column("vendor_made", Utc()))
    with op.batch_alter_table("capabilities") as table:
        table.alter_column("feature", type_=sa.String(255), existing_type=sa.String(16))
