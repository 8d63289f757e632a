"""What a plan rests on, read once more before anything is sent."""

from connectors.errors import Unreachable
from connectors.scim.client import Scim
from connectors.seats import read_seats
from connectors.store.memory import memory
from jobs.context import Context
from jobs.progress import progress
from jobs.pull import with_people
from jobs.reading import reading_directory, reading_vendor
from jobs.source import source_of
from reconciler.at_stake import at_stake, in_line
from reconciler.model.plan import Plan
from reconciler.model.snapshot import Directory, Snapshot, Target


def read_again(context: Context, vendor: Scim, plan: Plan) -> Snapshot:
    """What a new plan would be made from, as far as it concerns the users of this one.

    The groups are read whole, of every set: somebody may have joined any of them. A set that is
    not configured any more has no group; that it is not is what its revokes rest on.

    Raises:
        reconciler.reconcile.NoPlan: something could not be read (R1, R3, T2, T3, P9); nothing was
            sent.
    """
    known = memory(context.store, context.clock())
    target = _target(context, vendor, plan, set(known.sets))
    return Snapshot(
        directory=_directory(context, plan, target),
        target=target,
        inventory=read_seats(context.settings),
        memory=known,
    )


def _directory(context: Context, plan: Plan, target: Target) -> Directory:
    settings = context.settings
    source, attributes = source_of(settings.directory), settings.attribute_mapping.sources
    users = {o.subject.id for o in plan.operations if o.subject.kind == "user"}
    with reading_directory(settings), progress("Reading Entra ID again") as advance:
        directory = source.read_sets(settings.subscription_sets, attributes, advance)
        outside = sorted(users.difference(directory.people["id"]))
        known = with_people(settings, source, directory, outside, advance)
        losing = at_stake(settings.attribute_mapping, known, target)
        theirs = {user: sets for user, sets in losing.items() if user in users}
        return source.settle(
            known,
            settings.subscription_sets,
            theirs,
            lambda latest: users & in_line(latest, target),
        )


def _target(context: Context, vendor: Scim, plan: Plan, known: set[str]) -> Target:
    names = {item.name for item in context.settings.subscription_sets} | known
    names |= {name for operation in plan.operations for name in operation.touched}
    with (
        reading_vendor(),
        progress(f"Reading {context.settings.vendor.name} again") as advance,
    ):
        target = vendor.read(names, advance)
        if not target.complete:
            raise Unreachable("reading the vendor again", target.because)
        return target
