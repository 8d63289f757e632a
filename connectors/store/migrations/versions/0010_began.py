"""When the store's first plan was made, of a store that took over from others or from none."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Utc

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """One column; whether anybody held a seat then is not known of a store that has plans."""
    op.add_column("identity", sa.Column("began", Utc()))
    op.execute(
        "UPDATE identity SET began = (SELECT min(planned_at) FROM plans) "
        "WHERE tenant_id IS NOT NULL"
    )
