"""The content of plans is kept compressed: an eighth of it."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_PLANS = sa.table("plans", sa.column("pair"), sa.column("id"), sa.column("body", sa.LargeBinary()))


def upgrade() -> None:
    """One plan after the other, for they may be large; what no program here wrote is left."""
    connection = op.get_bind()
    for pair, plan in connection.execute(sa.select(_PLANS.c.pair, _PLANS.c.id)).all():
        one = sa.and_(_PLANS.c.pair == pair, _PLANS.c.id == plan)
        body = connection.execute(sa.select(_PLANS.c.body).where(one)).scalar_one()
        if body and isinstance(body, bytes):
            compressed = zlib.compress(body, level=1)
            connection.execute(sa.update(_PLANS).where(one).values(body=compressed))
