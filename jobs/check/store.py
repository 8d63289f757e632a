"""The store as check looks at it: none is made."""

import os
from collections.abc import Callable
from typing import TypeVar

from config.settings import Settings
from connectors.store.database import is_there, open_database
from connectors.store.errors import StoreError
from connectors.store.store import Store
from connectors.store.store_file import place_of
from jobs.check.result import Check, fault, fine, in_full, unproven
from reconciler.situations import RUN, finding
from reconciler.situations.runs import STORE_UNUSABLE

T = TypeVar("T")


def check_store(settings: Settings) -> Check:
    """Whether a run can use it, or where there is none yet, make it."""
    file = place_of(settings.store)
    try:
        if file is None or is_there(settings.store):
            open_database(settings.store, settings.tenant).close()
            return fine("store: it can be used")
    except StoreError as error:
        return fault(f"store: {in_full(finding(STORE_UNUSABLE, RUN, why=error))}")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return fault(
            f"store: {file} cannot be made. Make the folder {file.parent}, writable to you."
        )
    return unproven(f"store: there is none yet; the first plan makes {file}")


def asked_of_the_store(settings: Settings, ask: Callable[[Store], T], otherwise: T) -> T:
    """The answer; `otherwise` where there is no store yet, or it cannot be used."""
    try:
        if not is_there(settings.store):
            return otherwise
        store = open_database(settings.store, settings.tenant)
        try:
            return ask(store)
        finally:
            store.close()
    except StoreError:
        return otherwise
