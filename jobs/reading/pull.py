"""Pull: reads the directory, the vendor and the seat inventory into one snapshot."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import pandas as pd

from config.settings import Settings
from connectors.files.seat_inventory import read_seats
from jobs.context import Context
from jobs.output.stage import stage
from jobs.reading.faults import reading_directory, reading_vendor
from jobs.reading.memory import memory
from jobs.reading.source import Source, by_changes
from jobs.reading.vendor_client import as_remembered, known_at_vendor, vendor_of
from reconciler.facts.recheck_candidates import former_members, gaining_users, losing_users
from reconciler.model.snapshot import Directory, Interruption, Memory, Snapshot, Target


def pull(context: Context, interruptions: tuple[Interruption, ...] = ()) -> Snapshot:
    """Groups first, then the vendor, then whoever the vendor knows and no group names.

    `interruptions` are what `recover` settled before.

    Raises:
        reconciler.no_plan.NoPlan: something could not be read at all (R1, R3, T2, T3, P9). A
            single group that could not is marked in the snapshot instead.
    """
    known = memory(context)
    with by_changes(context) as source:
        directory = _read_directory(context, source)
        target = _read_vendor(context, known, directory)
        if not _confirmed(context, source, directory, target):
            directory = _read_directory(context, source)
        directory = _with_former_members(context, source, directory, target)
    return Snapshot(
        directory=directory,
        target=target,
        inventory=read_seats(context.settings),
        memory=replace(known, interruptions=interruptions),
    )


def _read_directory(context: Context, source: Source) -> Directory:
    settings = context.settings
    with reading_directory(settings), stage("read_directory", "Reading Entra ID") as reading:
        directory = source.read_sets(
            settings.subscription_sets, settings.directory_attributes, reading.advance
        )
        reading.count(
            groups=len(directory.reads),
            members=len(directory.members),
            users=len(directory.people),
            requests=directory.requests,
        )
        return directory


def _read_vendor(context: Context, known: Memory, directory: Directory) -> Target:
    """Sets that are no longer configured are read, too: somebody may still hold them."""
    settings = context.settings
    names = {item.name for item in settings.subscription_sets} | known.sets.keys()
    with (
        reading_vendor(),
        vendor_of(context) as vendor,
        stage("read_vendor", f"Reading {settings.vendor.name}") as reading,
    ):
        target = vendor.read(names, reading.advance, known_at_vendor(known, directory.people["id"]))
        reading.count(
            accounts=len(target.accounts), groups=len(target.groups), requests=vendor.requests_sent
        )
    return as_remembered(context, directory, target, known)


def _confirmed(context: Context, source: Source, directory: Directory, target: Target) -> bool:
    """Nobody loses anything by reported changes alone: Graph is asked about them."""
    settings = context.settings
    losing = partial(losing_users, settings, directory, target)
    with reading_directory(settings):
        return source.confirms(
            directory, settings.subscription_sets, losing, settings.filtered_attributes
        )


def _with_former_members(
    context: Context, source: Source, directory: Directory, target: Target
) -> Directory:
    """Nobody is called gone, and nobody loses anything, before Entra was asked for them.

    Nor does anybody gain, if a group that could not be read may have them, too.
    """
    settings = context.settings
    outside = former_members(directory, target)
    with (
        reading_directory(settings),
        stage("look_up_former_members", "Looking up former members", len(outside)) as reading,
    ):
        known = with_people(settings, source, directory, outside, reading.advance)
        losing = losing_users(settings, known, target)
        gaining = partial(gaining_users, target=target)
        rechecked = source.recheck(known, settings.subscription_sets, losing, gaining)
        reading.count(
            users=len(outside), losing=len(losing), requests=rechecked.requests - directory.requests
        )
        return rechecked


def with_people(
    settings: Settings,
    source: Source,
    directory: Directory,
    outside: Iterable[str],
    advance: Callable[[int], None],
) -> Directory:
    """The directory and those people (object ids) who are in no group of it.

    Raises:
        connectors.errors.CounterpartError: they could not be looked up.
    """
    found = source.look_up(outside, settings.directory_attributes, advance)
    return replace(directory, people=pd.concat([directory.people, found], ignore_index=True))
