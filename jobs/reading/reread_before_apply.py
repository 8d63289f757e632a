"""What a plan rests on, read once more before anything is sent."""

from config.settings import Settings
from connectors.errors import Unreachable
from connectors.files.seat_inventory import read_seats
from connectors.scim.client import Scim
from jobs.context import Context
from jobs.output.stage import stage
from jobs.reading.faults import reading_directory, reading_vendor
from jobs.reading.memory import memory
from jobs.reading.pull import with_people
from jobs.reading.source import Source, source_of
from jobs.reading.vendor_client import as_remembered, known_at_vendor
from reconciler.columns.frames import TEXT, column
from reconciler.facts.recheck_candidates import gaining_users, losing_users
from reconciler.model.plan import Plan
from reconciler.model.snapshot import Directory, Memory, Snapshot, Target


def read_again(context: Context, vendor: Scim, plan: Plan) -> Snapshot:
    """What a new plan would be made from, as far as it concerns the users of this one.

    The groups are read whole, of every set: somebody may have joined any of them. A set that is
    not configured any more has no group; that it is not is what its revokes rest on.

    Raises:
        reconciler.no_plan.NoPlan: something could not be read (R1, R3, T2, T3, P9); nothing was
            sent.
    """
    settings, known = context.settings, memory(context)
    users = _users(plan)
    target = _read_vendor(context, vendor, plan, known)
    with source_of(settings.directory) as source:
        directory = _read_directory(settings, source, users)
        target = as_remembered(context, directory, target, known)
        directory = _rechecked(settings, source, users, directory, target)
    return Snapshot(
        directory=directory,
        target=target,
        inventory=read_seats(settings),
        memory=known,
    )


def _users(plan: Plan) -> frozenset[str]:
    return frozenset(o.subject.id for o in plan.operations if o.subject.kind == "user")


def _read_vendor(context: Context, vendor: Scim, plan: Plan, known: Memory) -> Target:
    names = {item.name for item in context.settings.subscription_sets} | known.sets.keys()
    names |= {name for operation in plan.operations for name in operation.touched}
    with (
        reading_vendor(),
        stage("read_vendor_again", f"Reading {context.settings.vendor.name} again") as reading,
    ):
        target = vendor.read(
            names, reading.advance, known_at_vendor(known, column(sorted(_users(plan)), TEXT))
        )
        reading.count(accounts=len(target.accounts), requests=vendor.requests_sent)
        if not target.complete:
            raise Unreachable("reading the vendor again", target.because)
        return target


def _read_directory(settings: Settings, source: Source, users: frozenset[str]) -> Directory:
    attributes = settings.directory_attributes
    with (
        reading_directory(settings),
        stage("read_directory_again", "Reading Entra ID again") as reading,
    ):
        directory = source.read_sets(settings.subscription_sets, attributes, reading.advance)
        outside = sorted(users.difference(directory.people["id"]))
        found = with_people(settings, source, directory, outside, reading.advance)
        reading.count(users=len(found.people), requests=found.requests)
        return found


def _rechecked(
    settings: Settings,
    source: Source,
    users: frozenset[str],
    directory: Directory,
    target: Target,
) -> Directory:
    losing = losing_users(settings, directory, target)
    theirs = {user: sets for user, sets in losing.items() if user in users}
    with reading_directory(settings):
        return source.recheck(
            directory,
            settings.subscription_sets,
            theirs,
            lambda latest: users & gaining_users(latest, target),
        )
