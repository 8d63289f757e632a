"""The store as check looks at it: none is made, and what is wrong with it the next run says."""

from collections.abc import Callable
from typing import TypeVar

from config.settings import Settings
from connectors.store.database import is_there, open_database
from connectors.store.errors import StoreError
from connectors.store.store import Store

T = TypeVar("T")


def asked_of_the_store(settings: Settings, ask: Callable[[Store], T], otherwise: T) -> T:
    """The answer; `otherwise` where there is no store yet, or it cannot be used."""
    try:
        if not is_there(settings.store):
            return otherwise
        store = open_database(settings.store)
        try:
            return ask(store)
        finally:
            store.close()
    except StoreError:
        return otherwise
