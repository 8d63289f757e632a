"""Every row says which pair of tenant and vendor it is of: the first part of its table's key."""

import sqlalchemy as sa
from alembic import op

from connectors.store.schema import Said, Utc

revision = "0015"
down_revision = "0014"

_BEFORE = "_0014"

# The columns of each table beside the pair, and how many of them are in its key. Parents first.
_TABLES: dict[str, tuple[int, tuple[sa.Column[object], ...]]] = {
    "plans": (
        1,
        (
            sa.Column("id", sa.String(36)),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("digest", sa.String(80), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.Column("planned_at", Utc(), nullable=False),
            sa.Column("used_by", sa.String(36)),
            sa.Column("used_at", Utc()),
        ),
    ),
    "approvals": (
        0,
        (
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.Column("plan_id", sa.String(36), nullable=False),
            sa.Column("digest", sa.String(80), nullable=False),
            sa.Column("account", Said(), nullable=False),
            sa.Column("host", Said(), nullable=False),
            sa.Column("object_id", Said(), nullable=False),
            sa.Column("name", Said(), nullable=False),
            sa.Column("remark", Said(), nullable=False),
            sa.Column("reason", Said(), nullable=False),
            sa.Column("at", Utc(), nullable=False),
            sa.Column("overrides", sa.JSON(), nullable=False),
            sa.Column("id_token", Said(), nullable=False),
            sa.Column("weaker", sa.Boolean(), nullable=False),
        ),
    ),
    "journal": (
        1,
        (
            sa.Column("id", sa.String(64)),
            sa.Column("plan_id", sa.String(36), nullable=False),
            sa.Column("run_id", sa.String(36), nullable=False),
            sa.Column("index", sa.Integer(), nullable=False),
            sa.Column("subject", sa.String(255), nullable=False),
            sa.Column("kind", sa.String(32), nullable=False),
            sa.Column("intent", sa.JSON(), nullable=False),
            sa.Column("begun", Utc(), nullable=False),
            sa.Column("ended", Utc()),
            sa.Column("result", sa.String(16)),
            sa.Column("detail", Said()),
        ),
    ),
    "exports": (
        1,
        (
            sa.Column("plan_id", sa.String(36)),
            sa.Column("users", sa.Integer(), nullable=False),
            sa.Column("groups", sa.Integer(), nullable=False),
            sa.Column("members", sa.Integer(), nullable=False),
            sa.Column("held", sa.Boolean(), nullable=False),
        ),
    ),
    "runs": (
        1,
        (
            sa.Column("id", sa.String(36)),
            sa.Column("kind", sa.String(16), nullable=False),
            sa.Column("started", Utc(), nullable=False),
            sa.Column("ended", Utc()),
            sa.Column("exit_code", sa.Integer()),
            sa.Column("summary", Said()),
        ),
    ),
    "reads": (
        2,
        (
            sa.Column("run_id", sa.String(36)),
            sa.Column("set_name", sa.String(64)),
            sa.Column("group_id", sa.String(36)),
            sa.Column("complete", sa.Boolean(), nullable=False),
            sa.Column("because", Said(), nullable=False),
            sa.Column("pages", sa.Integer(), nullable=False),
            sa.Column("members", sa.Integer(), nullable=False),
            sa.Column("counted", sa.Integer()),
            sa.Column("seconds", sa.Float(), nullable=False),
        ),
    ),
    "lease": (
        0,
        (
            sa.Column("run_id", sa.String(36), nullable=False),
            sa.Column("host", sa.String(255), nullable=False),
            sa.Column("place", sa.String(64), nullable=False),
            sa.Column("pid", sa.Integer(), nullable=False),
            sa.Column("since", Utc(), nullable=False),
            sa.Column("heartbeat", Utc(), nullable=False),
            sa.Column("beats", sa.Integer(), nullable=False),
        ),
    ),
    "links": (
        1,
        (
            sa.Column("object_id", sa.String(36)),
            sa.Column("account", sa.String(255), nullable=False),
            sa.Column("since", Utc(), nullable=False),
        ),
    ),
    "named": (2, (sa.Column("name", sa.Text()), sa.Column("object_id", sa.String(36)))),
    "waits": (
        1,
        (
            sa.Column("object_id", sa.String(36)),
            sa.Column("set_name", sa.String(64), nullable=False),
            sa.Column("since_run", sa.Integer(), nullable=False),
        ),
    ),
    "leavers": (
        1,
        (sa.Column("object_id", sa.String(36)), sa.Column("since", Utc(), nullable=False)),
    ),
    "sets": (
        1,
        (
            sa.Column("name", sa.String(64)),
            sa.Column("definition", sa.JSON(), nullable=False),
            sa.Column("created", Utc(), nullable=False),
            sa.Column("modified", Utc(), nullable=False),
            sa.Column("last_synced", Utc()),
            sa.Column("group_id", sa.String(36)),
            sa.Column("vendor_groups", sa.JSON()),
            sa.Column("vendor_name", sa.String(255)),
            sa.Column("vendor_unseen", Utc()),
        ),
    ),
    "seats": (
        1,
        (
            sa.Column("product", sa.String(255)),
            sa.Column("purchased", sa.Integer(), nullable=False),
            sa.Column("used", sa.Integer()),
            sa.Column("as_of", sa.Date()),
            sa.Column("unseen", sa.Integer(), nullable=False),
        ),
    ),
    "known": (
        1,
        (
            sa.Column("scope", sa.String(80)),
            sa.Column("read", Utc(), nullable=False),
            sa.Column("rounds", sa.Integer(), nullable=False),
            sa.Column("links", sa.JSON(), nullable=False),
            sa.Column("members", sa.LargeBinary(), nullable=False),
            sa.Column("people", sa.LargeBinary(), nullable=False),
        ),
    ),
    "capabilities": (
        2,
        (
            sa.Column("base_url", sa.String(255)),
            sa.Column("feature", sa.String(255)),
            sa.Column("works", sa.Boolean(), nullable=False),
            sa.Column("since", Utc(), nullable=False),
        ),
    ),
    "audit": (
        1,
        (
            sa.Column("number", sa.Integer(), autoincrement=False),
            sa.Column("at", Utc(), nullable=False),
            sa.Column("event", sa.String(16), nullable=False),
            sa.Column("facts", sa.Text(), nullable=False),
            sa.Column("personal", sa.Text()),
            sa.Column("personal_digest", sa.String(64), nullable=False),
            sa.Column("digest", sa.String(64), nullable=False),
        ),
    ),
}


def upgrade() -> None:
    """All tables are made anew with their rows, for neither database can change a key in place."""
    for name in _TABLES:
        op.rename_table(name, name + _BEFORE)
    for name, (in_key, columns) in _TABLES.items():
        _make(name, in_key, columns)
        _copy(name, [column.name for column in columns])
    for name in reversed(_TABLES):
        op.drop_table(name + _BEFORE)
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('approvals', 'id'), max(id)) FROM approvals "
            "HAVING max(id) > 0"
        )


def _make(name: str, in_key: int, columns: tuple[sa.Column[object], ...]) -> None:
    constraints: list[sa.Constraint] = [sa.ForeignKeyConstraint(["pair"], ["identity.id"])]
    if name != "approvals":
        key = ["pair", *(column.name for column in columns[:in_key])]
        constraints.append(sa.PrimaryKeyConstraint(*key))
    if name == "plans":
        constraints.append(sa.UniqueConstraint("pair", "number"))
    if name in {"approvals", "journal", "exports"}:
        constraints.append(sa.ForeignKeyConstraint(["pair", "plan_id"], ["plans.pair", "plans.id"]))
    op.create_table(name, sa.Column("pair", sa.String(36), nullable=False), *columns, *constraints)


def _copy(name: str, columns: list[str]) -> None:
    old, identity = (
        sa.table(name + _BEFORE, *map(sa.column, columns)),
        sa.table("identity", sa.column("id")),
    )
    rows = sa.select(identity.c.id, *old.c).join_from(old, identity, sa.true())
    new = sa.table(name, *map(sa.column, ["pair", *columns]))
    op.execute(new.insert().from_select(["pair", *columns], rows))
