"""Pull: reads the directory, the vendor and the seat inventory into one snapshot."""

from dataclasses import replace

import pandas as pd

from connectors.entra.client import Entra
from connectors.errors import ConnectorError, Unauthorized
from connectors.scim.client import Scim
from connectors.seats import read_seats
from connectors.store.memory import memory
from jobs.context import Context
from jobs.progress import progress
from reconciler.model.snapshot import Directory, Interruption, Snapshot, Target
from reconciler.reconcile import NoPlan
from reconciler.situations import RUN, finding


def pull(context: Context, interruptions: tuple[Interruption, ...] = ()) -> Snapshot:
    """Groups first, then the vendor, then whoever the vendor knows and no group names.

    `interruptions` are what `recover` settled before.

    Raises:
        NoPlan: something could not be read at all (R1, R3, T2). A single group that could not is
            marked in the snapshot instead.
    """
    directory = _read_directory(context)
    target = _read_vendor(context)
    return Snapshot(
        directory=_with_former_members(context, directory, target),
        target=target,
        inventory=read_seats(context.settings),
        memory=replace(memory(context.store, context.clock()), interruptions=interruptions),
    )


def _read_directory(context: Context) -> Directory:
    settings = context.settings
    try:
        with progress("Reading Entra ID") as advance:
            return Entra(settings.directory).read_sets(
                settings.subscription_sets, settings.attribute_mapping.sources, advance
            )
    except ConnectorError as error:
        raise NoPlan(finding("R1", RUN, why=error)) from error


def _read_vendor(context: Context) -> Target:
    settings = context.settings
    names = [item.name for item in settings.subscription_sets]
    try:
        with (
            Scim(settings.vendor, settings.attribute_mapping.targets) as vendor,
            progress(f"Reading {settings.vendor.name}") as advance,
        ):
            return vendor.read(names, advance)
    except Unauthorized as error:
        raise NoPlan(
            finding("T2", RUN, why=f"The vendor refused the API token ({error}).")
        ) from error
    except ConnectorError as error:
        raise NoPlan(finding("R3", RUN, why=error)) from error


def _with_former_members(context: Context, directory: Directory, target: Target) -> Directory:
    """Accounts outside every group: nobody is called gone before Entra was asked for her."""
    settings = context.settings
    known = set(directory.people["id"])
    linked = target.accounts["externalId"].dropna()
    try:
        with progress("Looking up former members") as advance:
            former = Entra(settings.directory).look_up(
                [value for value in linked if value not in known],
                settings.attribute_mapping.sources,
                advance,
            )
    except ConnectorError as error:
        raise NoPlan(finding("R1", RUN, why=error)) from error
    return replace(directory, people=pd.concat([directory.people, former], ignore_index=True))
