"""The part of check that reads an export, where one stands in the tenant's place."""

from collections.abc import Iterator
from datetime import UTC, datetime

from config.directory import DirectoryFile
from config.settings import Settings
from connectors.entra_export.client import ExportedDirectory
from connectors.errors import CounterpartError
from jobs.check.groups import check_groups
from jobs.check.result import Check, fault, fine
from reconciler.model.phrasing import Plural


def check_export(settings: Settings, directory: DirectoryFile) -> Iterator[Check]:
    """What is in it, and whether every set has its group there."""
    export = ExportedDirectory(directory)
    try:
        content = export.content
        read = export.read_sets(settings.subscription_sets, (), lambda _: None)
        written = datetime.fromtimestamp(directory.file.stat().st_mtime, UTC)
    except (CounterpartError, OSError) as error:
        yield fault(f"directory: {error}")
        return
    yield fine(
        f"directory: {Plural(len(content.groups)):group|groups} and "
        f"{Plural(len(content.users)):user|users} from {directory.file}, "
        f"written {written:%Y-%m-%d %H:%M} UTC; what changed in Entra ID since, "
        "no plan knows"
    )
    yield from check_groups(settings, read)
