"""The groups of a small tenant as Graph tells them, and a delta cache that is kept in memory."""

from connectors.entra.client import Entra
from reconciler.model.directory_cache import DirectoryCache
from reconciler.model.snapshot import Directory
from support.counterparts.small_tenant import SmallTenant


def read(
    small_tenant: SmallTenant, entra: Entra | None = None, *, nested: str = "skip"
) -> Directory:
    settings = small_tenant.settings
    entra = entra or Entra(settings.directory)
    sets = [item.model_copy(update={"nested": nested}) for item in settings.subscription_sets]
    return entra.read_sets(sets, (), lambda _: None)


class CacheInMemory:
    """Keeps what is known in memory."""

    known: DirectoryCache | None = None

    def load(self, scope: str) -> DirectoryCache | None:
        return self.known if self.known and self.known.scope == scope else None

    def save(self, known: DirectoryCache) -> None:
        self.known = known

    def drop(self) -> None:
        self.known = None
