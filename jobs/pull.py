"""Pull: reads the directory, the vendor and the seat inventory into one snapshot."""

from dataclasses import replace

import pandas as pd
from connectors.entra import Entra
from connectors.scim import Scim

from connectors.seats import read_seats
from jobs.context import Context
from jobs.progress import progress
from reconciler.model.snapshot import Snapshot


def pull(context: Context) -> Snapshot:
    """Groups first, then the vendor, then whoever the vendor knows and no group names.

    Raises:
        connectors.errors.ConnectorError: something could not be read at all. A single group that
            could not is marked in the snapshot instead.
    """
    settings = context.settings
    mapping = settings.attribute_mapping
    sets = settings.subscription_sets
    with (
        Entra(settings.directory) as entra,
        Scim(settings.vendor, mapping.targets) as vendor,
    ):
        with progress("Reading Entra ID") as advance:
            directory = entra.read_sets(sets, mapping.sources, advance)
        with progress(f"Reading {settings.vendor.name}") as advance:
            target = vendor.read([item.name for item in sets], advance)
        known = set(directory.people["id"])
        others = [
            known_id for known_id in target.accounts["externalId"].dropna() if known_id not in known
        ]
        with progress("Looking up former members") as advance:
            former = entra.look_up(others, mapping.sources, advance)
    people = pd.concat([directory.people, former], ignore_index=True)
    return Snapshot(
        directory=replace(directory, people=people),
        target=target,
        inventory=read_seats(settings),
        memory=context.store.memory(),
    )
