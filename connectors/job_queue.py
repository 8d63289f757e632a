"""The queue of a fleet's runs: Procrastinate's, in a schema of its own of the fleet's database.

Of each tenant one run waits at most, and one is under way: the queue's locks are called as the
tenant is. That two are not at work all the same, where a worker was taken for dead, is what the
lease and the fence of its store are for.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker
from sqlalchemy import Engine, make_url, text

from config.operating_system import TERMINATION
from connectors.store.database import open_engine
from connectors.store.errors import Unavailable

SCHEMA = "job_queue"
QUEUE = "runs"

Work: TypeAlias = Callable[[str, datetime, str], None]
"""What is done of a job: the tenant's name, when it was due, and a plan that is to be applied, or
"" for a run."""

BEAT_SECONDS = 10
SILENT_SECONDS = 30
"""A worker that was silent for longer is taken for dead, and what it had taken waits again."""

KEPT_HOURS = 30 * 24
"""Of jobs that failed; the others are deleted at once, for the history of runs tells of them."""

POLL_SECONDS = 5
"""Where nothing waits; a session that listens for more would be one for each worker."""

AGAIN = {"max_attempts": 10, "wait": 60, "linear_wait": 60}
"""After one minute, two, three and so on: for about an hour."""


class TryAgain(Exception):
    """What kept a job from being done passes by itself."""


class JobQueue:
    """For whoever puts jobs into it. Everything raises `Unavailable` where the database fails."""

    def __init__(self, app: App) -> None:
        self._app = app

    def put(self, tenant: str, due: datetime, plan: str = "") -> bool:
        """A run of the tenant, or the apply of a plan of its, unless the same waits already."""
        job = self._app.configure_task(
            "run", queue=QUEUE, lock=tenant, queueing_lock=f"{tenant} {plan}".strip()
        )
        with _in_plain_words():
            try:
                job.defer(tenant=tenant, due=due.isoformat(), plan=plan)
            except AlreadyEnqueued:
                return False
        return True


def prepare_queue(url: str) -> None:
    """Makes it where there is none, and brings it up to the library's version.

    Raises:
        Unavailable: the database cannot be used.
    """
    scripts = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    engine = open_engine(url)
    try:
        while _migrated(engine, scripts):
            pass
    finally:
        engine.dispose()


def _migrated(engine: Engine, scripts: Sequence[Path]) -> bool:
    """Applies what comes next, if anything does, in a transaction of its own.

    The comment on the schema names the newest of the library's migrations that it has.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": SCHEMA})
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        comment = "SELECT obj_description(CAST(:schema AS regnamespace), 'pg_namespace')"
        newest = connection.execute(text(comment), {"schema": SCHEMA}).scalar()
        later = [script for script in scripts if newest and script.name > newest]
        if newest and not later:
            return False
        done, sql = scripts[-1], SchemaManager.get_schema()
        if later:
            done, sql = later[0], later[0].read_text(encoding="utf-8")
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        driver: Any = connection.connection.driver_connection
        driver.execute(sql)
        connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{done.name}'"))
    return True


@contextmanager
def open_queue(url: str) -> Iterator[JobQueue]:
    """The queue in the database of a fleet; see `prepare_queue`, too.

    Raises:
        Unavailable: the database cannot be used.
    """
    prepare_queue(url)
    app = App(connector=SyncPsycopgConnector(**_pool(url)))
    with _in_plain_words():
        app.open()
    try:
        yield JobQueue(app)
    finally:
        app.close()


def work(url: str, run: Work, is_enough: Callable[[], bool]) -> None:
    """Does what waits, one job at a time, until SIGTERM or Ctrl-C, or `is_enough` after a job.

    A job under way is done first. One that raises `TryAgain` is tried again later, and one that
    raises anything else has failed. The queue is there (`prepare_queue`).

    Raises:
        Unavailable: the database failed; another worker does what this one had taken.
    """
    with _in_plain_words():
        asyncio.run(_work(url, run, is_enough))


async def _work(url: str, run: Work, is_enough: Callable[[], bool]) -> None:
    app = App(connector=PsycopgConnector(**_pool(url)))

    @app.task(name="run", queue=QUEUE, retry=RetryStrategy(**AGAIN, retry_exceptions=[TryAgain]))
    def _(tenant: str, due: str, plan: str) -> None:
        run(tenant, datetime.fromisoformat(due), plan)

    async def until_enough(call_next: Any, *_: Any) -> None:
        try:
            await call_next()
        finally:
            if is_enough():
                worker.stop()

    worker: Any = Worker(  # some of its methods have no types
        app,
        queues=[QUEUE],
        concurrency=1,
        fetch_job_polling_interval=POLL_SECONDS,
        listen_notify=False,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=BEAT_SECONDS,
        stalled_worker_timeout=SILENT_SECONDS,
        worker_middleware=[until_enough],
    )
    loop = asyncio.get_running_loop()
    async with app.open_async(), _put_back_what_stalls(app):
        # An end that could not be recorded: while this one lived, the job would count as its own.
        loop.set_exception_handler(lambda *_: worker.stop())
        for number in (TERMINATION, signal.SIGINT):  # however often: the library's hear one
            loop.add_signal_handler(number, worker.stop)
        await worker.run()


@asynccontextmanager
async def _put_back_what_stalls(app: App) -> AsyncIterator[None]:
    """Meanwhile. As a job of the queue's own it would wait for the runs that all workers do."""

    async def put_back() -> None:
        while True:
            with suppress(ConnectorException):  # another one was first; or the worker meets it, too
                for job in await app.job_manager.get_stalled_jobs(
                    seconds_since_heartbeat=SILENT_SECONDS
                ):
                    await app.job_manager.retry_job(job)
                await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)
            await asyncio.sleep(BEAT_SECONDS)

    task = asyncio.create_task(put_back())
    try:
        yield
    finally:
        task.cancel()


def _pool(url: str) -> dict[str, Any]:
    """What psycopg's pool is made with: an address as libpq has it, and no more sessions than two
    at a time."""
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"options": f"-c search_path={SCHEMA}"}
    return {"conninfo": conninfo, "kwargs": options, "min_size": 1, "max_size": 2}


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        why = str(error.__cause__ or error).splitlines()[0]
        raise Unavailable("using the queue of the fleet", why) from error
