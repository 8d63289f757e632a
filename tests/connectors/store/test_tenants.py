"""The stores of a fleet are in one database, and no query finds another tenant's rows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from connectors.store import database
from connectors.store.database import open_database, open_engine
from connectors.store.errors import LeaseHeld, TenantExists, TenantNotFound, Unavailable
from connectors.store.schema import metadata, runs
from connectors.store.store import Store
from connectors.store.tenants import Tenants, open_tenants
from support.alone import alone
from support.counterparts.databases import new_database, postgresql, without_privileges
from support.worlds.world import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DIRECTORY = "11111111-1111-1111-1111-111111111111"
PLAN = World().plan()


@pytest.fixture
def url() -> Iterator[str]:
    """Of a new database, whose user is no superuser, as for whom row security is meant."""
    with postgresql() as url, without_privileges(url) as ordinary:
        yield ordinary


@pytest.fixture
def tenants(url: str) -> Iterator[Tenants]:
    with open_tenants(url) as tenants:
        yield tenants


def begin(url: str, tenant: str, run: str) -> Store:
    store = open_database(url, tenant)
    alone(store).runs.begin(run, "plan", NOW)
    return store


def test_each_tenant_has_a_store_of_its_own(url: str, tenants: Tenants) -> None:
    tenants.add("contoso", DIRECTORY)
    tenants.add("fabrikam", DIRECTORY)
    for name in ("contoso", "fabrikam"):
        begin(url, name, f"run of {name}").close()
    listed = [(tenant.name, tenant.run, tenant.kind, tenant.started) for tenant in tenants.all()]
    assert listed == [
        ("contoso", "run of contoso", "plan", NOW),
        ("fabrikam", "run of fabrikam", "plan", NOW),
    ]


def test_a_query_that_forgets_whose_rows_it_asks_for_finds_one_tenants(
    url: str, tenants: Tenants
) -> None:
    for name in ("contoso", "fabrikam"):
        tenants.add(name, DIRECTORY)
    begin(url, "fabrikam", "run of fabrikam").close()
    store = begin(url, "contoso", "run of contoso")
    with store.engine.begin() as connection:
        assert connection.execute(select(runs.c.id)).scalars().all() == ["run of contoso"]
        assert connection.execute(runs.delete()).rowcount == 1
    store.close()
    assert [tenant.run for tenant in tenants.all()] == [None, "run of fabrikam"]


def test_nothing_is_written_for_another_tenant(url: str, tenants: Tenants) -> None:
    for name in ("contoso", "fabrikam"):
        tenants.add(name, DIRECTORY)
    theirs, ours = open_database(url, "fabrikam"), open_database(url, "contoso")
    values = {"pair": theirs.pair, "id": "1", "kind": "plan", "started": NOW}
    with (
        pytest.raises(Unavailable, match="violates row-level security policy"),
        ours.engine.begin() as connection,
    ):
        connection.execute(runs.insert().values(values))
    theirs.close()
    ours.close()


def test_who_says_no_tenant_finds_nothing(url: str, tenants: Tenants) -> None:
    tenants.add("contoso", DIRECTORY)
    begin(url, "contoso", "8f2").close()
    engine = open_engine(url)
    with engine.begin() as connection:
        assert connection.execute(select(runs)).all() == []
    engine.dispose()


def test_every_table_with_rows_of_tenants_is_guarded(url: str, tenants: Tenants) -> None:
    """Also those that a later migration adds, for the policies are made anew after each."""
    tenants.add("contoso", DIRECTORY)
    engine = open_engine(url)
    with engine.begin() as connection:
        guarded = connection.execute(
            text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        )
        assert set(guarded.scalars()) == {
            table.name for table in metadata.sorted_tables if "pair" in table.c
        }
    engine.dispose()


def test_a_tenant_is_added_beside_runs_that_are_at_work(
    url: str, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALTER TABLE would wait for whoever has read of the table (PostgreSQL, "Explicit Locking")."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    tenants.add("contoso", DIRECTORY)
    store = open_database(url, "contoso")
    with store.engine.begin() as connection:
        connection.execute(select(runs))
        tenants.add("fabrikam", DIRECTORY)
    store.close()
    assert tenants.names() == {"contoso", "fabrikam"}


def test_a_user_who_sees_everything_is_told_apart(tenants: Tenants) -> None:
    assert tenants.kept_apart()
    with postgresql() as url, open_tenants(url) as everything:
        assert not everything.kept_apart()


def test_the_database_of_one_tenant_becomes_that_tenants_store(url: str) -> None:
    before = open_database(url)
    with before.transaction() as tx:
        tx.plans.add(PLAN)
        tx.memory.save(World().knowledge(), NOW)
    before.close()
    with open_tenants(url) as tenants:
        assert not tenants.add("fabrikam", "22222222-2222-2222-2222-222222222222")
        assert tenants.add("contoso", PLAN.basis.tenant_id)
    for name, plans in ("contoso", 1), ("fabrikam", 0):
        store = open_database(url, name)
        assert alone(store).plans.newest_number() == plans
        store.close()
    with pytest.raises(Unavailable, match="the configuration has to say so"):
        open_database(url)


def test_the_database_of_one_tenant_alone_is_not_guarded(url: str) -> None:
    """So its owner's pg_dump, which refuses guarded tables, goes on as it did."""
    open_database(url).close()
    assert not refused_to_pg_dump(url)
    with open_tenants(url) as tenants:
        tenants.add("contoso", DIRECTORY)
    assert refused_to_pg_dump(url)


def refused_to_pg_dump(url: str) -> bool:
    """It turns row security off, so that it never leaves rows out unseen."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL row_security = off"))
            connection.execute(select(runs))
    except Unavailable as error:
        return "row-level security" in str(error)
    finally:
        engine.dispose()
    return False


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_of_before_is_copied_with_all_that_it_has(
    kind: str, tmp_path: Path, url: str, tenants: Tenants
) -> None:
    with new_database(kind, tmp_path) as old:
        before = open_database(old)
        with before.transaction() as tx:
            tx.runs.begin("8f2", "plan", NOW)
            tx.plans.add(PLAN)
            tx.audit.append(NOW, "plan", {"id": PLAN.id}, {"name": "Ada"})
        kept = every_row(before)
        tenants.add_copy("contoso", old)
        after = open_database(url, "contoso")
        assert every_row(after) == kept
        assert [*alone(after).audit.faults()] == []
        assert alone(after).plans.find("latest") == PLAN
        assert every_row(before) == kept
        with pytest.raises(TenantExists, match="a copy of that store is here already"):
            tenants.add_copy("again", old)
        before.close()
        after.close()


def every_row(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.engine.begin() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in {"identity", "lease"}
        }


def test_nobody_is_copied_while_a_run_is_at_work(tmp_path: Path, tenants: Tenants) -> None:
    with new_database("sqlite", tmp_path) as old:
        before = open_database(old)
        with before.lease("8f2"), pytest.raises(LeaseHeld):
            tenants.add_copy("contoso", old)
        before.close()
    assert tenants.names() == frozenset()


def test_a_name_is_given_once(tenants: Tenants) -> None:
    tenants.add("contoso", DIRECTORY)
    with pytest.raises(TenantExists, match="adding contoso: the fleet has a tenant of this name"):
        tenants.add("contoso", DIRECTORY)


def test_what_is_known_of_a_tenant_is_removed_and_nobody_elses(url: str, tenants: Tenants) -> None:
    for name in ("contoso", "fabrikam"):
        tenants.add(name, DIRECTORY)
        begin(url, name, f"run of {name}").close()
    tenants.remove("contoso")
    assert [(tenant.name, tenant.run) for tenant in tenants.all()] == [
        ("fabrikam", "run of fabrikam")
    ]
    with pytest.raises(Unavailable, match="no tenant contoso; `seatsync fleet add contoso`"):
        open_database(url, "contoso")
    with pytest.raises(TenantNotFound):
        tenants.remove("contoso")


def test_nobody_is_removed_while_a_run_is_at_work(url: str, tenants: Tenants) -> None:
    tenants.add("contoso", DIRECTORY)
    store = open_database(url, "contoso")
    with store.lease("8f2"), pytest.raises(LeaseHeld):
        tenants.remove("contoso")
    store.close()
    assert tenants.names() == {"contoso"}


def test_the_room_of_what_was_purged_is_given_back_beside_others_at_work(
    url: str, tenants: Tenants
) -> None:
    """VACUUM FULL would wait for everybody's transactions, and they for it."""
    for name in ("contoso", "fabrikam"):
        tenants.add(name, DIRECTORY)
    ours, theirs = open_database(url, "contoso"), open_database(url, "fabrikam")
    with theirs.transaction() as tx:
        tx.runs.begin("8f2", "plan", NOW)
        ours.compact()
    ours.close()
    theirs.close()
