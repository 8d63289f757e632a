"""What the file need not say, for the store has it: when the newest API token was generated."""

from config.settings import Settings
from connectors.store.database import is_there, open_database
from connectors.store.errors import StoreError
from jobs.context import with_recorded_token


def with_recorded(settings: Settings) -> Settings:
    """As it is, before a run has made the store: check makes none."""
    try:
        if not is_there(settings.store):
            return settings
        store = open_database(settings.store)
        try:
            return with_recorded_token(settings, store)
        finally:
            store.close()
    except StoreError:  # whatever is run next says so
        return settings
