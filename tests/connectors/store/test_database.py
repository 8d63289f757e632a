"""The store opens by itself, keeps what it has, and says plainly when it cannot."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import LargeBinary, Table, column, create_engine, insert, select, table, text

from connectors.errors import CounterpartError
from connectors.store import database
from connectors.store.audited_plan import attested
from connectors.store.database import open_database
from connectors.store.errors import StoreError
from connectors.store.journal import operation_id
from connectors.store.schema import Compressed, approvals, identity, metadata
from connectors.store.store import Store
from reconciler.columns import frames
from reconciler.model.approval import Approval, Identity, Use
from reconciler.model.directory_cache import MEMBERS, DirectoryCache, Links
from reconciler.model.plan import Plan
from reconciler.model.plan_input import PlanInput
from reconciler.model.refusal_backoff import Refusal
from reconciler.model.sign_ins import SignIn, Watch
from reconciler.model.snapshot import ExportSize, GroupRead, PlanContext
from support.alone import alone
from support.counterparts.databases import new_database
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where nothing is yet."""
    with new_database(request.param, tmp_path) as url:
        yield url


@on_sqlite
def test_a_new_file_is_private(sqlite: Path, store: Store) -> None:
    assert stat.S_IMODE(sqlite.stat().st_mode) == 0o600


def test_opening_it_again_keeps_it(url: str, store: Store) -> None:
    store_id = alone(store).memory.load().store_id
    assert len(store_id) == 36
    again = open_database(url)
    assert alone(again).memory.load().store_id == store_id
    again.close()


def upgraded(url: str, revision: str, *rows: str) -> Store:
    """The store of today, that was of this revision and had these rows."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for row in rows:
            connection.execute(text(row))
    engine.dispose()
    return open_database(url)


def test_a_store_of_the_first_seatsync_is_brought_up_to_date_and_keeps_what_it_has(
    url: str,
) -> None:
    store = upgraded(
        url,
        "0001",
        "INSERT INTO links VALUES ('user', 'account', '2026-11-24 03:00:00')",
        "INSERT INTO lease (name, run_id, host, pid, since, expires) "
        "VALUES ('run', '8f2', 'h', 1, '2026-11-24 03:00:00', '2026-11-24 15:00:00')",
    )
    assert alone(store).memory.load().links["account"].tolist() == ["account"]
    with store.lease("9a1"):
        pass
    store.close()


def test_a_store_with_plans_began_with_the_first_of_them(url: str) -> None:
    plan = "INSERT INTO plans (id, number, digest, body, planned_at) VALUES "
    store = upgraded(
        url,
        "0009",
        "UPDATE identity SET tenant_id = 'tenant'",
        plan + "('p2', 2, 'sha256:', '', '2026-11-23 03:00:00')",
        plan + "('p1', 1, 'sha256:', '', '2026-11-21 03:00:00')",
    )
    assert alone(store).memory.load().began == datetime(2026, 11, 21, 3, tzinfo=UTC)
    store.close()


def test_an_approval_of_before_keeps_its_name_as_a_remark(url: str) -> None:
    store = upgraded(
        url,
        "0013",
        "INSERT INTO plans (id, number, digest, body, planned_at) "
        "VALUES ('p1', 1, 'sha256:', '', '2026-11-21 03:00:00')",
        "INSERT INTO approvals (plan_id, digest, by, reason, at, overrides) "
        "VALUES ('p1', 'sha256:', 'Eva', 'meant', '2026-11-21 03:00:00', '[]')",
    )
    with store.engine.begin() as connection:
        (row,) = connection.execute(select(approvals)).all()
    assert (row.account, row.remark, row.host, row.reason) == ("Eva", "Eva", "", "meant")
    store.close()


def filled(store: Store) -> Plan:
    """A plan for ana, approved and half done, and all that was learned beside."""
    world = World()
    world.person("ana", "Sales Team")
    plan = world.plan()
    parts = alone(store)
    parts.plans.add(plan)
    parts.approvals.add(Approval(plan.id, plan.digest, Identity("eva", "h"), "meant", NOW))
    parts.runs.begin("run1", "apply", NOW)
    parts.runs.add_reads("run1", [GroupRead("Sales Team")])
    parts.plans.claim(plan, "run1", NOW)
    parts.journal.begin(plan, plan.operations, "run1", NOW)
    parts.journal.end({operation_id(plan, plan.operations[0]): ("done", "")}, NOW)
    parts.sets.see(world.settings().subscription_sets, NOW)
    known = replace(
        world.knowledge(),
        waits=(("tom", "Sales Team", 1),),
        leavers=(("lea", NOW),),
        named={"ceo": ("ana",)},
    )
    parts.memory.save(known, NOW)
    parts.memory.link({"ana": "a1"}, NOW)
    parts.exports.add(plan.id, ExportSize(3, 2, 1), held=False)
    parts.capabilities.save("https://vendor.example", {"filter": True}, NOW)
    rows = frames.frame(MEMBERS, [{"group": "g", "id": "ana", "kind": "user"}])
    parts.directory.save(DirectoryCache("scope", NOW, 0, Links(("g",), "u"), rows, rows))
    return plan


def _added(known: Table, name: str) -> bool:
    """Whether no revision before the pairs has the column."""
    later = {"name", "paused", "queued"} if known is identity else {"pair", "by_changes"}
    return name in later


def before_pairs(url: str, rows: dict[str, list[dict[str, object]]]) -> Store:
    """The store of today, that was of the revision before the pairs and had these rows."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        connection.execute(text("DELETE FROM identity"))
        for known in metadata.sorted_tables:
            columns = [
                column(c.name, LargeBinary() if isinstance(c.type, Compressed) else c.type)
                for c in known.c
                if not _added(known, c.name)
            ]
            old = [
                {name: value for name, value in row.items() if not _added(known, name)}
                for row in rows[known.name]
            ]
            if old:
                connection.execute(insert(table(known.name, *columns)), old)
    engine.dispose()
    return open_database(url)


def everything(store: Store) -> dict[str, list[dict[str, object]]]:
    with store.engine.begin() as connection:
        return {
            known.name: [dict(row) for row in connection.execute(select(known)).mappings()]
            for known in metadata.sorted_tables
        }


def test_every_row_of_before_is_of_the_pair_whose_store_it_was(url: str, tmp_path: Path) -> None:
    model = open_database(f"sqlite:///{tmp_path / 'model.db'}")
    plan, expected = filled(model), everything(model)
    expected["reads"] = [{**row, "by_changes": None} for row in expected["reads"]]
    later = {"notices", "plan_inputs", "refusals", "vendor_tokens"}
    later |= {"sign_in_watch", "last_sign_ins", "held_since"}
    later |= {
        "reclaim_announcements",
        "grant_uses",
        "fleet_plans",
        "fleet_stops",
        "shared_rates",
        "server_failures",
        "server_outages",
    }
    assert {name for name, rows in expected.items() if not rows} == {"lease", *later}
    store = before_pairs(url, expected)
    assert everything(store) == expected
    with store.transaction() as tx:
        assert list(tx.audit.faults()) == list(tx.agreement.disagreements()) == []
        approvals, use = attested(tx, plan)
        assert ([one.reason for one in approvals], use) == (["meant"], Use("run1", NOW))
        tx.approvals.add(Approval(plan.id, plan.digest, Identity("bob", "h"), "too", NOW))
        assert len(tx.journal.interrupted("run2")[0].open) == len(plan.operations) - 1
    with store.lease("run2"):
        assert [one.reason for one in alone(store).approvals.of(plan.id)] == ["meant", "too"]
    model.close()
    store.close()


def test_a_pair_sees_and_changes_its_own_rows_alone(store: Store) -> None:
    """One PostgreSQL database may hold several."""
    plan = filled(store)
    alone(store).notices.write("env:A", {"failed": ""}, NOW)
    alone(store).vendor_tokens.record(NOW.date(), timedelta(days=90))
    alone(store).refusals.save({"ana joins Sales": Refusal(1, NOW, NOW, "no")})
    alone(store).seat_use.keep_watch(Watch("app", NOW, NOW))
    alone(store).seat_use.signed_in([SignIn("1", "ana", NOW, succeeded=True)])
    alone(store).seat_use.held(World().snapshot().target.holdings, NOW)
    context, world = PlanContext(plan.id, NOW, "0.1.0"), World()
    alone(store).plan_inputs.add(PlanInput(world.settings().decisive, world.snapshot(), context))
    before = everything(store)
    with store.engine.begin() as connection:
        connection.execute(insert(identity).values(id="other", name="other"))
    other = Store(store.engine, "other")
    with other.transaction() as tx:
        assert (tx.plans.newest_number(), tx.audit.newest(9), tx.runs.newest(9)) == (0, (), ())
        assert (tx.plans.newest_id(), tx.plans.id_before(9)) == ("", "")
        assert (tx.plans.seats_until(9, 9), tx.runs.reads_of("run1")) == ((), ())
        assert tx.runs.reader_before("run1") is None
        assert (tx.journal.done(), tx.journal.entries(plan.id), tx.approvals.of(plan.id)) == (
            (),
            (),
            (),
        )
        assert (tx.exports.newest_first(), tx.sets.dates()) == ((), {})
        assert tx.capabilities.of("https://vendor.example") == ()
        assert tx.memory.load().links.empty
        assert tx.notices.written("env:A") == tx.notices.undelivered("env:A", 2) == {}
        assert tx.vendor_tokens.newest() is None
        assert (tx.refusals.all(), tx.refusals.forget()) == ({}, 0)
        assert (tx.seat_use.watch(), tx.seat_use.load().last.empty) == (None, True)
        assert list(tx.plan_inputs.since(NOW - timedelta(days=999))) == []
        tx.plan_inputs.drop()
        tx.vendor_tokens.record(NOW.date(), timedelta(days=180))
        tx.seat_use.keep_watch(None)
        tx.seat_use.signed_in([SignIn("1", "ana", NOW + timedelta(days=1), succeeded=True)])
        tx.seat_use.held(frames.frame(frames.HOLDINGS), NOW)
        tx.notices.write("env:A", {"failed": "of another"}, NOW)
        tx.notices.sent("env:A", ["failed"], delivered=True)
        tx.sets.await_no_groups()
        tx.sets.synced(["Sales Team"], NOW)
        tx.runs.end("run1", NOW, 0, "")
        assert tx.journal.in_columns().empty
        tx.capabilities.forget(["filter"])
        tx.directory.drop()
        tx.personal_data.remove(NOW + timedelta(days=9), NOW)
        tx.memory.save(World().knowledge(), NOW)
    left = {
        name: [row for row in rows if row.get("pair", row.get("id")) == store.pair]
        for name, rows in everything(store).items()
    }
    assert left == before
    assert filled(other) == plan
    with store.lease("run1"), other.lease("run1"):
        pass


@pytest.mark.parametrize("revision", [None, "0001"], ids=["new", "of the first revision"])
def test_a_new_store_and_the_oldest_one_get_the_tables_that_the_code_uses(
    url: str, revision: str | None
) -> None:
    store = upgraded(url, revision) if revision else open_database(url)
    with store.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert len(connection.execute(select(identity)).all()) == 1
    store.close()


@on_postgresql
def test_programs_that_start_at_once_make_one_schema(url: str) -> None:
    """SQLite lets one writer at a time into the file anyway."""

    def open_and_close(_: int) -> str:
        opened = open_database(url)
        store_id = alone(opened).memory.load().store_id
        opened.close()
        return store_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(open_and_close, range(6)))) == 1


@on_sqlite
def test_a_commit_survives_a_power_cut(store: Store) -> None:
    with store.engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@on_postgresql
def test_a_server_that_was_restarted_is_connected_to_again(url: str, store: Store) -> None:
    alone(store).memory.load()
    other = open_database(url)
    with other.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.close()
    assert alone(store).memory.load()


def test_a_newer_schema_is_left_alone(url: str, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer seatsync"):
        open_database(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("these are notes, and quite long ones, " * 40)
    with pytest.raises(StoreError, match="not a database"):
        open_database(f"sqlite:///{tmp_path / 'notes.db'}")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"No such file or directory"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'store.db'}")


def test_a_fault_while_writing_is_a_store_error(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE links"))
    with pytest.raises(StoreError, match=r"no such table: links|\"links\" does not exist"):
        alone(store).memory.load()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql+psycopg://u:CANARY@127.0.0.1:1/db", "127.0.0.1.*refused"),
        ("postgresql+psycopg://u@127.0.0.1:1/db?password=CANARY", "127.0.0.1.*refused"),
        (
            "postgresql+psycopg://u@127.0.0.1:1/db?PASSWORD=CANARY&passWord=CANARY",
            'option "PASSWORD"',
        ),
        ("postgresql+psycopg://u@127.0.0.1:1/db?sslpassword=CANARY", "127.0.0.1.*refused"),
        ("postgresql+psycopg://u:p@127.0.0.1:CANARY/db", "URL cannot be read"),
        ("postgresql+psycopg://u:1/CANARY@127.0.0.1:1/db", "URL cannot be read|1"),
        ("CANARY", "URL cannot be read"),
    ],
)
def test_a_password_is_in_no_message(url: str, why: str) -> None:
    with pytest.raises(StoreError, match=why) as refused:
        open_database(url)
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:p%2Fass@127.0.0.1:1/db",
        "postgresql+psycopg://u@127.0.0.1:1/db?password=p%2Fass",
        "postgresql+psycopg://u@127.0.0.1:1/db?SSLPassword=p%2Fass",
    ],
)
def test_a_password_is_in_no_message_of_anything_that_fails_later(url: str) -> None:
    with pytest.raises(StoreError):
        open_database(url)
    told = CounterpartError("connecting with p/ass", "FATAL: postgresql://u:p%2Fass@db: p/ass")
    assert str(told) == "connecting with ***: FATAL: postgresql://u:***@db: ***"
    assert (told.what, told.why) == ("connecting with ***", "FATAL: postgresql://u:***@db: ***")
