"""What a vendor's server does is known by attribute, too: names of features become longer."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """SCIM paths with URNs are long; rows stay."""
    with op.batch_alter_table("capabilities") as table:
        table.alter_column("feature", type_=sa.String(255), existing_type=sa.String(16))
