"""Who approved: the operating system's account and host, and the sign-in, beside what is said."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Said

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """The name that was typed is the remark now, and the account, which nobody asked for."""
    with op.batch_alter_table("approvals") as table:
        table.alter_column(
            "by", new_column_name="account", type_=Said(), existing_type=sa.String(255)
        )
        for name in ("host", "object_id", "name", "remark", "id_token"):
            table.add_column(sa.Column(name, Said(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("weaker", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE approvals SET remark = account")
    with op.batch_alter_table("approvals") as table:
        for name in ("host", "object_id", "name", "remark", "id_token", "weaker"):
            table.alter_column(name, server_default=None)
