"""An office's groups as Graph tells them, and what is known of them from one run to the next."""

from office import Office

from connectors.entra.client import Entra
from connectors.entra.delta.cache import DirectoryCache
from reconciler.model.snapshot import Directory


def read(office: Office, entra: Entra | None = None, *, nested: str = "skip") -> Directory:
    settings = office.settings
    entra = entra or Entra(settings.directory)
    sets = [item.model_copy(update={"nested": nested}) for item in settings.subscription_sets]
    return entra.read_sets(sets, (), lambda _: None)


class Shelf:
    """Keeps what is known in memory."""

    known: DirectoryCache | None = None

    def load(self, scope: str) -> DirectoryCache | None:
        return self.known if self.known and self.known.scope == scope else None

    def save(self, known: DirectoryCache) -> None:
        self.known = known

    def drop(self) -> None:
        self.known = None
