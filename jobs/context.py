"""What every job works with: the settings, the store, and the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex

from config.load import load
from config.operating_system import closing_command, open_to_others
from config.settings import Settings
from connectors.secrets.read_and_write import forget_secrets
from connectors.store.database import open_database
from connectors.store.store import Store
from connectors.store.store_file import file_of
from jobs.clock import Clock, utc_now
from jobs.output.console import tell
from reconciler.model.plan import Plan
from reconciler.situations import RUN, finding
from reconciler.situations.runs import STORE_WRITABLE_BY_OTHERS


@dataclass(frozen=True)
class Context:
    """One configuration at work. Only jobs know the clock."""

    settings: Settings
    store: Store
    clock: Clock = utc_now

    def find_plan(self, reference: str) -> Plan:
        """A saved plan by what a person calls it; see `connectors.store.plans.Plans.find`."""
        with self.store.transaction() as tx:
            return tx.plans.find(reference)


@contextmanager
def working(config: Path, clock: Clock = utc_now) -> Iterator[Context]:
    """Reads the configuration and opens its store; warns where others can write it (R27).

    Raises:
        config.load.ConfigError: the file is not usable.
        connectors.store.errors.StoreError: the store is not usable.
    """
    with at_work(load(config), clock) as context:
        yield context


@contextmanager
def at_work(settings: Settings, clock: Clock = utc_now) -> Iterator[Context]:
    """See `working`, of a configuration that has been read."""
    if (file := file_of(settings.store)) and open_to_others(file) == "written":
        tell(finding(STORE_WRITABLE_BY_OTHERS, RUN, path=file, command=closing_command(file)))
    store = open_database(settings.store, settings.tenant)
    try:
        with in_store(settings, store, clock) as context:
            yield context
    finally:
        store.close()


@contextmanager
def in_store(settings: Settings, store: Store, clock: Clock = utc_now) -> Iterator[Context]:
    """See `working`, of a store that is open."""
    try:
        yield Context(with_recorded_token(settings, store), store, clock)
    finally:
        forget_secrets()


def with_recorded_token(settings: Settings, store: Store) -> Settings:
    """With the dates that `seatsync token set` recorded, unless the file has newer ones."""
    with store.transaction() as tx:
        recorded = tx.vendor_tokens.newest()
    return settings.with_token_of(*recorded) if recorded else settings


def new_id() -> str:
    """The id of a run, and of the plan it makes: eight hex digits."""
    return token_hex(4)


def tool_version() -> str:
    """seatsync's own version, part of every plan's basis."""
    return version("seatsync")
