"""Two configurations on one reading: what is read for both, and what of it is for each."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pandas as pd

from config.directory import DirectorySettings
from config.settings import Settings
from reconciler.columns.table_joins import is_in
from reconciler.model.snapshot import Snapshot

Obstacle = tuple[tuple[str | int, ...], str]
"""Where in the other configuration, and why it is not comparable."""


def obstacles(today: Settings, then: Settings) -> Iterator[Obstacle]:
    """What of the other configuration would have to be read otherwise than today's is."""
    if _tenant(today) != _tenant(then):
        yield ("directory",), "another tenant, or another export; nobody can be compared"
    if today.vendor.base_url != then.vendor.base_url:
        yield ("vendor", "base_url"), "another vendor; no seat can be compared"
    if today.attribute_mapping != then.attribute_mapping:
        why = "it is another mapping, and one alone is read for; `seatsync mapping test` tries it"
        yield ("attribute_mapping",), why
    sets = {item.name: item for item in today.subscription_sets}
    for at, item in enumerate(then.subscription_sets):
        read = sets.get(item.name, item)
        if (read.group_id, read.nested) != (item.group_id, item.nested):
            why = "the set's group would be read otherwise (group_id, nested), and is read once"
            yield ("subscription_sets", at), why


def settings_to_read(today: Settings, then: Settings) -> Settings:
    """Today's, with whatever sets and attributes the other configuration needs, too.

    Where it needs more, the groups are read in full: the delta queries' place belongs to today's.
    """
    names = {item.name for item in today.subscription_sets}
    added = tuple(item for item in then.subscription_sets if item.name not in names)
    filters = chain(
        then.scoping_filters, *(item.scoping_filters for item in then.subscription_sets)
    )
    more = {*then.filtered_attributes} - {*today.filtered_attributes}
    if not added and not more:
        return today
    directory = today.directory
    if isinstance(directory, DirectorySettings):
        directory = directory.model_copy(update={"delta": False})
    return today.model_copy(
        update={
            "directory": directory,
            "subscription_sets": (*today.subscription_sets, *added),
            "scoping_filters": (*today.scoping_filters, *filters),
        }
    )


def as_read_for(settings: Settings, snapshot: Snapshot) -> Snapshot:
    """The snapshot without the sets that these settings lack and no plan has known."""
    configured = [item.name for item in settings.subscription_sets]
    directory, target = snapshot.directory, snapshot.target
    known = is_in(target.holdings["set"], [*configured, *snapshot.memory.sets])
    others = pd.concat([target.others, target.holdings[~known]], ignore_index=True)
    return replace(
        snapshot,
        directory=replace(
            directory,
            reads=tuple(read for read in directory.reads if read.set in configured),
            members=directory.members[is_in(directory.members["set"], configured)],
        ),
        target=replace(target, holdings=target.holdings[known], others=others),
    )


def _tenant(settings: Settings) -> tuple[str, str]:
    directory = settings.directory
    file = "" if isinstance(directory, DirectorySettings) else str(directory.file)
    return directory.tenant_id, file
