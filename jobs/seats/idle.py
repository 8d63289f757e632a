"""Who holds a seat and does not use it: everything is read for it, and nothing changed."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from config.settings import Settings
from config.subscription_set import SubscriptionSet
from jobs.context import Context, tool_version
from jobs.leased_run import Run, recorded
from jobs.output.exit_codes import Exit
from jobs.output.rows.seats import IdleRow
from jobs.reading.faults import reading_directory
from jobs.reading.read_and_evaluate import evaluate
from jobs.reading.sign_ins import watch_sign_ins
from jobs.reading.source import source_of
from reconciler.idle.idle_seats import IdleProduct, idle_products, idle_seats
from reconciler.idle.reclaim import idle_now, is_due
from reconciler.model.phrasing import Plural
from reconciler.model.plan import Plan
from reconciler.model.sign_ins import CurrentUse, IdleSeat, Watch
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.no_plan import NoPlan
from reconciler.reconcile import evaluation_of
from reconciler.situations import RUN, finding
from reconciler.situations.runs import USE_NOT_KNOWN
from reconciler.situations.users import SEAT_RECLAIMED


@dataclass(frozen=True)
class Idle:
    """The idle seats, what those of each product come to, and how long sign-ins were watched."""

    seats: tuple[IdleSeat, ...]
    products: tuple[IdleProduct, ...]
    watch: Watch
    days: timedelta


def find_idle(context: Context, days: timedelta | None = None) -> Idle:
    """The seats that were not used for so long, or for `policy.idle.days`.

    Raises:
        connectors.errors.CounterpartError: as `evaluate`.
        reconciler.no_plan.NoPlan: likewise; or sign-ins, or the group of those on leave, could not
            be read (R30).
    """
    settings = context.settings
    days = days or settings.policy.idle.days
    with recorded(context, "idle") as run:
        evaluation = evaluate(context)
        known = known_use(context, run, evaluation.snapshot.target.holdings)
        seats = idle_seats(evaluation, known.use, known.watch, known.on_leave, days)
        run.exit_code, run.summary = Exit.OK, f"{Plural(len(seats)):seat is|seats are} idle"
    products = idle_products(seats, evaluation.seats, settings.seat_contracts)
    return Idle(seats, products, known.watch, days)


def known_use(context: Context, run: Run, holdings: pd.DataFrame) -> CurrentUse:
    """Reads sign-ins on to this moment; `holdings` are those of now (`frames.HOLDINGS`).

    Raises:
        reconciler.no_plan.NoPlan: sign-ins, or the group of those on leave, could not be read
            (R30).
    """
    if why := watch_sign_ins(context, run, holdings):
        raise _not_known(f"sign-ins are not known up to now ({why})")
    on_leave = _on_leave(context.settings)
    with context.store.transaction() as tx:
        use = tx.seat_use.load()
    if use.watch is None:
        raise _not_known("no sign-ins were read")
    return CurrentUse(use, use.watch, on_leave)


def due_for_reclaim(context: Context, run: Run, snapshot: Snapshot) -> frozenset[str]:
    """The users (object ids) whose seats are idle now, who were told, and whose grace is over.

    Raises:
        reconciler.no_plan.NoPlan: as `find_idle`.
    """
    now = context.clock()
    evaluation = evaluation_of(context.settings, snapshot, PlanContext(run.id, now, tool_version()))
    idle = idle_now(evaluation, known_use(context, run, snapshot.target.holdings))
    grace = context.settings.policy.idle.grace
    return frozenset(seat.user.id for seat in idle or () if is_due(seat, grace, now))


def reclaims(plan: Plan) -> bool:
    """Whether the plan takes seats back because nobody uses them."""
    return any(operation.reason == SEAT_RECLAIMED.code for operation in plan.operations)


def idle_rows(found: Idle, grace: timedelta) -> list[IdleRow]:
    """For the listing; `grace` is how long a seat is left to its user once that is announced."""
    return [
        IdleRow(
            user=seat.user.name,
            set=seat.set,
            products=seat.products,
            use=seat.use,
            days=(found.watch.through - seat.unused_since).days,
            reclaimed_from=seat.announced + grace if seat.announced else None,
            object_id=seat.user.id,
            last_sign_in=seat.last_sign_in,
            held_since=seat.held_since,
            watched_since=seat.watched_since,
            unused_since=seat.unused_since,
        )
        for seat in found.seats
    ]


def worth(product: IdleProduct) -> str:
    """What the idle seats of a product would give to others, and what they cost."""
    said = f"{product.product}: {Plural(product.idle):idle seat|idle seats}"
    if product.waiting:
        served = min(product.idle, product.waiting)
        said += f", enough for {served:,} of {Plural(product.waiting):user|users} who wait for one"
    if product.cost is not None:
        said += f"; {product.cost:,.2f} {product.currency} a year"
    return said + (f"; the contract renews on {product.renews}" if product.renews else "")


def nobody(found: Idle) -> str:
    """What is said where no seat is idle."""
    watched = found.watch.through - found.watch.since
    if watched >= found.days:
        return f"No seat was unused for {found.days.days:,} days."
    return (
        f"No seat can be called idle yet: sign-ins are watched since {found.watch.since:%Y-%m-%d}, "
        f"for {watched.days:,} of {found.days.days:,} days."
    )


def _on_leave(settings: Settings) -> frozenset[str]:
    """The object ids of the members of the group of those on leave, and of groups in it."""
    name = settings.policy.idle.exclude
    if name is None:
        return frozenset()
    group = SubscriptionSet.model_construct(name=name, products=(), nested="expand")
    with reading_directory(settings), source_of(settings.directory) as source:
        directory = source.read_sets([group], (), lambda _: None)
    (read,) = directory.reads
    if read.group is None or not read.complete:
        why = read.because or "there is no single group of this name"
        raise _not_known(f'the group "{name}" of `policy.idle.exclude` could not be read ({why})')
    return frozenset(directory.members["id"])


def _not_known(why: str) -> NoPlan:
    return NoPlan(finding(USE_NOT_KNOWN, RUN, why=why))
