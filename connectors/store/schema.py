"""The store's tables. Times are UTC; they are kept as naive UTC, which every database can hold."""

import zlib
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Utc(TypeDecorator[datetime]):
    """An aware UTC time; SQLite has no time zones, so none is stored."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Said(TypeDecorator[str]):
    """What people and counterparts said: without what PostgreSQL or UTF-8 cannot hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()


class Compressed(TypeDecorator[bytes]):
    """Bytes, kept in zlib's format (RFC 1950); no bytes are kept as none.

    What another program wrote, text too in SQLite, comes as it is: the digest will not be its own.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return zlib.compress(value, level=1) if value else value

    def process_result_value(self, value: bytes | str | None, dialect: Dialect) -> bytes | None:
        kept = value.encode(errors="replace") if isinstance(value, str) else value
        try:
            return zlib.decompress(kept) if kept else kept
        except zlib.error:
            return kept


def _pair(*, key: bool = True) -> Column[str]:
    """Whose row it is: the first part of every key, and beside the number that approvals have."""
    whose = ForeignKey("identity.id")
    return Column("pair", String(36), whose, primary_key=key, nullable=False)


def _of_a_plan() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["pair", "plan_id"], ["plans.pair", "plans.id"])


metadata = MetaData()

# One row per pair of tenant and vendor: whose it is, once there is a plan. A plan's basis carries
# the id, and so does every row of the other tables (`pair`). `name` is the tenant's in a fleet,
# whose database has many; the one pair of an ordinary store has none. `began` is when the store was
# made, if somebody held a seat by then. Of a fleet's tenant, `paused` is since when it has no runs,
# and `queued` when its timetable put one into the queue last.
identity = Table(
    "identity",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tenant_id", String(36)),
    Column("vendor", String(255)),
    Column("began", Utc),
    Column("name", String(63), nullable=False, server_default=""),
    Column("paused", Utc),
    Column("queued", Utc),
    Index("identity_name", "name", unique=True),
)

# One row of a pair at most: who is at work. The primary key makes it one; its times are the
# database's.
lease = Table(
    "lease",
    metadata,
    _pair(),
    Column("run_id", String(36), nullable=False),
    Column("host", String(255), nullable=False),
    Column("place", String(64), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", Utc, nullable=False),
    Column("heartbeat", Utc, nullable=False),
    Column("beats", Integer, nullable=False),
)

# One row of a pair at most: when its vendor's API token was generated. The token is not here.
vendor_tokens = Table(
    "vendor_tokens",
    metadata,
    _pair(),
    Column("issued", Date, nullable=False),
    Column("lifetime_days", Integer, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    _pair(),
    Column("id", String(36), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("started", Utc, nullable=False),
    Column("ended", Utc),
    Column("exit_code", Integer),
    Column("summary", Said),
)

reads = Table(
    "reads",
    metadata,
    _pair(),
    Column("run_id", String(36), primary_key=True),
    Column("set_name", String(64), primary_key=True),
    Column("group_id", String(36)),
    Column("complete", Boolean, nullable=False),
    Column("because", Said, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("counted", Integer),
    Column("seconds", Float, nullable=False),
    Column("by_changes", Boolean),
)

plans = Table(
    "plans",
    metadata,
    _pair(),
    Column("id", String(36), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("body", Compressed, nullable=False),
    Column("planned_at", Utc, nullable=False),
    Column("used_by", String(36)),
    Column("used_at", Utc),
    UniqueConstraint("pair", "number"),
)

# What plans for everybody were made of (`connectors.store.plan_inputs` says in what form).
plan_inputs = Table(
    "plan_inputs",
    metadata,
    _pair(),
    Column("plan_id", String(36), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    _of_a_plan(),
)

approvals = Table(
    "approvals",
    metadata,
    _pair(key=False),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("plan_id", String(36), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("account", Said, nullable=False),
    Column("host", Said, nullable=False),
    Column("object_id", Said, nullable=False),
    Column("name", Said, nullable=False),
    Column("remark", Said, nullable=False),
    Column("reason", Said, nullable=False),
    Column("at", Utc, nullable=False),
    Column("overrides", JSON, nullable=False),
    Column("id_token", Said, nullable=False),
    Column("weaker", Boolean, nullable=False),
    _of_a_plan(),
    Index("approvals_plan", "pair", "plan_id"),
)

# An entry is written before its request is sent, and ended before it counts as done.
journal = Table(
    "journal",
    metadata,
    _pair(),
    Column("id", String(64), primary_key=True),
    Column("plan_id", String(36), nullable=False),
    Column("run_id", String(36), nullable=False),
    Column("index", Integer, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("intent", JSON, nullable=False),
    Column("begun", Utc, nullable=False),
    Column("ended", Utc),
    Column("result", String(16)),
    Column("detail", Said),
    _of_a_plan(),
)

# The largest table that every run reads whole. In SQLite its rows lie in its key, without a second
# tree that leads to them: a third less, and read several times as fast.
links = Table(
    "links",
    metadata,
    _pair(),
    Column("object_id", String(36), primary_key=True),
    Column("account", String(255), nullable=False),
    Column("since", Utc, nullable=False),
    sqlite_with_rowid=False,
)

# Whom the configuration's names of users were found to mean (`reconciler.facts.named_users`).
named = Table(
    "named",
    metadata,
    _pair(),
    Column("name", Text, primary_key=True),
    Column("object_id", String(36), primary_key=True),
)

waits = Table(
    "waits",
    metadata,
    _pair(),
    Column("object_id", String(36), primary_key=True),
    Column("set_name", String(64), nullable=False),
    Column("since_run", Integer, nullable=False),
)

# Users who hold a seat and are in no group, and since when that is known.
leavers = Table(
    "leavers",
    metadata,
    _pair(),
    Column("object_id", String(36), primary_key=True),
    Column("since", Utc, nullable=False),
)

sets = Table(
    "sets",
    metadata,
    _pair(),
    Column("name", String(64), primary_key=True),
    Column("definition", JSON, nullable=False),
    Column("created", Utc, nullable=False),
    Column("modified", Utc, nullable=False),
    Column("last_synced", Utc),
    Column("group_id", String(36)),
    Column("vendor_groups", JSON),
    Column("vendor_name", String(255)),
    Column("vendor_unseen", Utc),
)

# The seats that the latest plan reckoned with; `used` is the vendor's own count.
seats = Table(
    "seats",
    metadata,
    _pair(),
    Column("product", String(255), primary_key=True),
    Column("purchased", Integer, nullable=False),
    Column("used", Integer),
    Column("as_of", Date),
    Column("unseen", Integer, nullable=False),
)

# One row of a pair at most: from when to when no sign-in to the application was missed, and the
# last one that was seen.
sign_in_watch = Table(
    "sign_in_watch",
    metadata,
    _pair(),
    Column("application", String(36), nullable=False),
    Column("since", Utc, nullable=False),
    Column("through", Utc, nullable=False),
    Column("newest_id", String(36)),
    Column("newest_at", Utc),
)

# When each user signed in to it last.
last_sign_ins = Table(
    "last_sign_ins",
    metadata,
    _pair(),
    Column("object_id", String(36), primary_key=True),
    Column("at", Utc, nullable=False),
)

# Since when an account is known to hold a set.
held_since = Table(
    "held_since",
    metadata,
    _pair(),
    Column("set_name", String(64), primary_key=True),
    Column("account", String(255), primary_key=True),
    Column("since", Utc, nullable=False),
)

# When a seat of a product was granted, and used first after that; null: not yet.
grant_uses = Table(
    "grant_uses",
    metadata,
    _pair(),
    Column("object_id", String(36), primary_key=True),
    Column("product", String(255), primary_key=True),
    Column("granted", Utc, primary_key=True),
    Column("used", Utc),
)

# When it was announced that the seat of a user will be taken back, for nobody uses it.
reclaim_announcements = Table(
    "reclaim_announcements",
    metadata,
    _pair(),
    Column("object_id", String(36), primary_key=True),
    Column("at", Utc, nullable=False),
)

# At most one row of a pair: the directory as it was read, and where Graph goes on telling what
# changes. The frames are Arrow's IPC.
known = Table(
    "known",
    metadata,
    _pair(),
    Column("scope", String(80), primary_key=True),
    Column("read", Utc, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("links", JSON, nullable=False),
    Column("members", LargeBinary, nullable=False),
    Column("people", LargeBinary, nullable=False),
)

# How large the export was that a plan was made of; `held` is by R20.
exports = Table(
    "exports",
    metadata,
    _pair(),
    Column("plan_id", String(36), primary_key=True),
    Column("users", Integer, nullable=False),
    Column("groups", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("held", Boolean, nullable=False),
    _of_a_plan(),
)

# Features of the server at an address (`reconciler.model.capabilities`), and since when it
# is known.
capabilities = Table(
    "capabilities",
    metadata,
    _pair(),
    Column("base_url", String(255), primary_key=True),
    Column("feature", String(255), primary_key=True),
    Column("works", Boolean, nullable=False),
    Column("since", Utc, nullable=False),
)

# What the vendor refused in a row, by what was asked for which user
# (`reconciler.model.refusal_backoff`).
refusals = Table(
    "refusals",
    metadata,
    _pair(),
    Column("key", String(255), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("since", Utc, nullable=False),
    Column("last", Utc, nullable=False),
    Column("why", Said, nullable=False),
)

# The newest notice of each key for a receiver, by the reference to their address: `at` is when it
# was written, `tries` how often it was sent.
notices = Table(
    "notices",
    metadata,
    _pair(),
    Column("receiver", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("text", Said, nullable=False),
    Column("at", Utc, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("delivered", Boolean, nullable=False),
)

# Of each plan of a fleet's tenant, how many users lose something, by the code of why, and which
# codes are unusual. It has no `pair`: every tenant's transactions see all rows.
fleet_plans = Table(
    "fleet_plans",
    metadata,
    Column("tenant", String(36), ForeignKey("identity.id"), primary_key=True),
    Column("plan_id", String(36), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("losses", JSON, nullable=False),
    Column("unusual", JSON, nullable=False),
    Index("fleet_plans_at", "at"),
)

# From when to when nothing was applied for any tenant of a fleet, because of what so many of the
# tenants that were planned lose; who let it go on, and why. One of them is open at most.
fleet_stops = Table(
    "fleet_stops",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("since", Utc, nullable=False),
    Column("tripped_by", String(36), nullable=False),
    Column("code", String(16), nullable=False),
    Column("tenants", Integer, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("ended", Utc),
    Column("ended_by", Said),
    Column("reason", Said),
)

# Tenants of a fleet of which no run went well since one failed because of a server, and whether
# they told of a failure since.
server_failures = Table(
    "server_failures",
    metadata,
    Column("tenant", String(36), ForeignKey("identity.id"), primary_key=True),
    Column("server", Said, nullable=False),
    Column("at", Utc, nullable=False),
    Column("told", Boolean, nullable=False),
)

# Servers because of which runs of several tenants of a fleet fail.
server_outages = Table(
    "server_outages",
    metadata,
    Column("server", Said, primary_key=True),
    Column("since", Utc, nullable=False),
)

# What pyrate-limiter keeps of a rate limit that the runs of a fleet share; `name` is a digest of
# whose limit it is, and `at` when it was asked for last.
shared_rates = Table(
    "shared_rates",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("at", Utc, nullable=False),
)

# Only ever appended to; `connectors.store.audit` says how the digests are chained.
audit = Table(
    "audit",
    metadata,
    _pair(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("event", String(16), nullable=False),
    Column("facts", Text, nullable=False),
    Column("personal", Text),
    Column("personal_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
