"""The queue of a fleet: of each tenant one run waits at most, and none is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, text

from connectors.job_queue import SCHEMA, JobQueue, TryAgain, Work, open_queue, prepare_queue, work
from connectors.store.errors import Unavailable
from support.counterparts.databases import postgresql, without_privileges

DUE = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def url() -> Iterator[str]:
    """Whose user is no superuser, as a fleet's."""
    with postgresql() as url, without_privileges(url) as ordinary:
        yield ordinary


@pytest.fixture
def queue(url: str) -> Iterator[JobQueue]:
    with open_queue(url) as queue:
        yield queue


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    """In the queue's own schema."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        result = connection.execute(text(query))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def work_off(url: str, count: int, run: Work) -> list[str]:
    """Until so many jobs were done, whichever way they ended; whose they were."""
    done: list[str] = []

    def noting(tenant: str, due: datetime, plan: str) -> None:
        done.append(tenant)
        run(tenant, due, plan)

    work(url, noting, lambda: len(done) == count)
    return done


def nothing(tenant: str, due: datetime, plan: str) -> None:
    pass


def test_of_a_tenant_one_run_waits_at_most(url: str, queue: JobQueue) -> None:
    assert queue.put("contoso", DUE)
    assert not queue.put("contoso", DUE + timedelta(hours=1))
    assert queue.put("fabrikam", DUE)
    dues: list[datetime] = []
    assert work_off(url, 2, lambda _, due, __: dues.append(due)) == ["contoso", "fabrikam"]
    assert dues == [DUE, DUE]
    assert queue.put("contoso", DUE)


def test_a_run_that_was_done_leaves_nothing_behind(url: str, queue: JobQueue) -> None:
    queue.put("contoso", DUE)
    work_off(url, 1, nothing)
    assert ask(url, "SELECT * FROM procrastinate_jobs") == []
    assert ask(url, "SELECT * FROM procrastinate_events") == []


def test_what_passes_by_itself_is_tried_again_later(url: str, queue: JobQueue) -> None:
    def busy(tenant: str, due: datetime, plan: str) -> None:
        raise TryAgain

    queue.put("contoso", DUE)
    work_off(url, 1, busy)
    (job,) = ask(url, "SELECT status, scheduled_at > now() FROM procrastinate_jobs")
    assert job == ("todo", True)


def test_a_run_that_failed_is_kept_as_such_and_others_follow(url: str, queue: JobQueue) -> None:
    def fail(tenant: str, due: datetime, plan: str) -> None:
        if tenant == "contoso":
            raise ValueError(tenant)

    for tenant in ("contoso", "fabrikam"):
        queue.put(tenant, DUE)
    assert work_off(url, 2, fail) == ["contoso", "fabrikam"]
    assert ask(url, "SELECT status, lock FROM procrastinate_jobs") == [("failed", "contoso")]
    assert queue.put("contoso", DUE)


def test_what_a_dead_worker_had_taken_waits_again(url: str, queue: JobQueue) -> None:
    """It is as a kill -9 leaves it: taken, by a worker who says nothing any more."""
    queue.put("contoso", DUE)
    ask(url, "SELECT procrastinate_register_worker_v1()")
    ask(url, "SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")
    ask(url, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
    assert work_off(url, 1, nothing) == ["contoso"]


def test_a_worker_whose_end_of_a_job_was_not_recorded_ends(url: str, queue: JobQueue) -> None:
    """The job is another's by then; as long as this one lived, it would be taken for its own."""

    def lose(tenant: str, due: datetime, plan: str) -> None:
        ask(url, "DELETE FROM procrastinate_jobs WHERE status = 'doing'")

    queue.put("contoso", DUE)
    work(url, lose, lambda: False)
    assert ask(url, "SELECT * FROM procrastinate_workers") == []


def test_the_queue_has_a_schema_of_its_own_which_is_made_once(url: str) -> None:
    prepare_queue(url)
    prepare_queue(url)
    tables = "SELECT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
    assert {schema for (schema,) in ask(url, tables)} == {SCHEMA}


def test_a_newer_library_brings_its_migrations(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, in order; the second one cannot be done in the transaction of the first."""
    prepare_queue(url)
    later = tmp_path / "migrations"
    copytree(SchemaManager.get_migrations_path(), later)
    (later / "99.01.00_01_pre.sql").write_text("ALTER TYPE procrastinate_job_status ADD VALUE 'x'")
    (later / "99.01.00_50_post.sql").write_text(
        "CREATE TABLE later AS SELECT 'x'::procrastinate_job_status AS status"
    )
    monkeypatch.setattr(SchemaManager, "get_migrations_path", lambda: str(later))
    prepare_queue(url)
    prepare_queue(url)
    assert ask(url, "SELECT status FROM later") == [("x",)]


def test_a_database_that_cannot_be_reached_is_said_in_plain_words(url: str) -> None:
    unknown = url.replace("ordinary_", "unknown_")
    with pytest.raises(Unavailable, match="using the store"):
        prepare_queue(unknown)
    with pytest.raises(Unavailable, match="using the queue of the fleet"):
        work(url, nothing, lambda: True)  # where no queue was made
