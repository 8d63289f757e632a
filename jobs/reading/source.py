"""Where the directory is read from: the tenant itself, or an export of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

import pandas as pd

from config.directory import DirectoryFile
from config.directory import DirectorySettings as Tenant
from config.subscription_set import SubscriptionSet
from connectors.store.store import Store
from jobs.context import Context
from reconciler.model.directory_cache import DirectoryCache
from reconciler.model.snapshot import Directory

Losing = Mapping[str, Collection[str]]
"""Object ids, and the sets that each would lose: see `reconciler.facts.recheck_candidates`."""


class Source(Protocol):
    """What a pull asks of a directory. All raise `connectors.errors.CounterpartError`.

    Within `with` the questions share connections.
    """

    def __enter__(self) -> Self:
        """Begins them."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Gives the connections back."""

    def read_sets(
        self,
        sets: Sequence[SubscriptionSet],
        attributes: Sequence[str],
        advance: Callable[[int], None],
    ) -> Directory:
        """Every set's group with all of its direct members."""

    def look_up(
        self, ids: Iterable[str], attributes: Sequence[str], advance: Callable[[int], None]
    ) -> pd.DataFrame:
        """The users of these object ids: present, deleted or gone."""

    def confirms(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing_by: Callable[[], Losing],
        attributes: Sequence[str],
    ) -> bool:
        """Whether the users who would lose something by this directory do so by Graph's own word.

        `attributes` decide about it, beside their groups and whether they are enabled.
        True where the groups themselves were read. If not, everything is to be read again.
        """

    def recheck(
        self,
        directory: Directory,
        sets: Sequence[SubscriptionSet],
        losing: Losing,
        gaining: Callable[[Directory], Collection[str]],
    ) -> Directory:
        """The directory, rechecked for users who moved while it was read.

        Users who would be `losing` something or are listed in two groups are asked about, and so
        are those who would be `gaining` something where a group was not read to its end.
        """


def by_changes(context: Context) -> Source:
    """As `source_of`, by what changed since the last run where the configuration asks for that."""
    directory = context.settings.directory
    if isinstance(directory, DirectoryFile) or not directory.delta:
        return source_of(directory)
    from connectors.entra.delta.client import DeltaEntra

    return DeltaEntra(directory, _Keeper(context.store), context.clock())


class _Keeper:
    """The `connectors.entra.delta.client.Keeper` of jobs: in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load(self, scope: str) -> DirectoryCache | None:
        """What is known of this scope."""
        with self._store.transaction() as tx:
            return tx.directory.load(scope)

    def save(self, known: DirectoryCache) -> None:
        """In the place of everything before."""
        with self._store.transaction() as tx:
            tx.directory.save(known)

    def drop(self) -> None:
        """Nothing is known any more."""
        with self._store.transaction() as tx:
            tx.directory.drop()


def source_of(directory: Tenant | DirectoryFile) -> Source:
    """Whichever is configured; only who reads the tenant pays for loading the SDK."""
    if isinstance(directory, DirectoryFile):
        from connectors.entra_export.client import ExportedDirectory

        return ExportedDirectory(directory)
    from connectors.entra.client import Entra

    return Entra(directory)


def reminder(directory: Tenant | DirectoryFile) -> str:
    """What to say before a plan is applied; nothing if the tenant itself was read."""
    if not isinstance(directory, DirectoryFile):
        return ""
    return (
        f"This plan is made from {directory.file}: what changed in Entra ID since that export is "
        "not seen. The vendor is read again, as always."
    )
