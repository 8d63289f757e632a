"""Who holds a seat and does not use it, and what these seats would be worth to others."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd

from config.seats import SeatContract
from reconciler.columns.frames import Flags, Times, cells
from reconciler.columns.table_joins import is_in, locate, take
from reconciler.facts.vendor_memberships import Holdings
from reconciler.idle.rule import idle, unused_since
from reconciler.model.plan import SeatLine
from reconciler.model.sign_ins import IdleSeat, SeatUse, Watch
from reconciler.planning.evaluation import Evaluation
from reconciler.situations.situation import Effect

NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class IdleProduct:
    """How many seats of a product are idle, how many users wait for one, and what the idle ones
    cost in a year, where the price is known.
    """

    product: str
    idle: int
    waiting: int
    cost: Decimal | None
    currency: str | None
    renews: date | None


def idle_seats(
    evaluation: Evaluation,
    use: SeatUse,
    watch: Watch,
    on_leave: Collection[str],
    days: timedelta,
) -> tuple[IdleSeat, ...]:
    """Those that were not used for so long, the longest unused first. See `rule.idle`.

    Never those of users `on_leave` (object ids), of protected ones and admins, nor of anybody who
    is not in step, or whom an error or their own situation keeps from any change.
    """
    facts, sets = evaluation.facts, evaluation.judged.sets
    held = evaluation.managed
    last = _last_sign_ins(evaluation, use, held)
    since = _held_since(evaluation, use, held)
    exempt = _exempt(evaluation, held, on_leave)
    now = evaluation.plan_context.now
    rows = np.flatnonzero(idle(last, since, exempt, watch, days, now))
    unused = unused_since(last, since, watch)
    found = zip(
        facts.people.users(held.person[rows]),
        cells(facts.accounts["account"], held.account[rows]),
        held.set[rows].tolist(),
        last[rows].tolist(),
        since[rows].tolist(),
        unused[rows].tolist(),
        strict=True,
    )
    seats = [
        IdleSeat(
            user,
            account,
            sets[at].name,
            tuple(sets[at].products),
            seen and _utc(seen),
            _utc(got),
            watch.since,
            _utc(unused_from),
            _announced(use, user.id, _utc(unused_from)),
        )
        for user, account, at, seen, got, unused_from in found
    ]
    return tuple(sorted(seats, key=lambda seat: (seat.unused_since, seat.user.name)))


def idle_products(
    idle: Iterable[IdleSeat], lines: Iterable[SeatLine], contracts: Mapping[str, SeatContract]
) -> tuple[IdleProduct, ...]:
    """Per product with idle seats; `lines` is the ledger of a plan that was made now."""
    counts = Counter(product for seat in idle for product in seat.products)
    found = [line for line in lines if counts[line.product]]
    return tuple(_worth(line, counts[line.product], contracts.get(line.product)) for line in found)


def _worth(line: SeatLine, idle: int, contract: SeatContract | None) -> IdleProduct:
    if contract is None:
        return IdleProduct(line.product, idle, line.waiting, None, None, None)
    cost = None if contract.price is None else contract.price * idle
    return IdleProduct(line.product, idle, line.waiting, cost, contract.currency, contract.renews)


def _exempt(evaluation: Evaluation, held: Holdings, on_leave: Collection[str]) -> Flags:
    """Row by row with what is held."""
    people, sets = evaluation.facts.people, evaluation.judged.sets
    admins = np.zeros(len(people), dtype=bool)
    admin_sets = np.array([item.admin for item in sets], dtype=bool)
    admins[held.person[take(admin_sets, held.set)]] = True
    never = admins | is_in(people.entra["id"], on_leave) | people.inactive
    never |= evaluation.decisions.effect != Effect.GRANT  # so that of protected users is KEEP
    exempt: Flags = never[held.person] | (held.set != people.wanted[held.person])
    return exempt


def _last_sign_ins(evaluation: Evaluation, use: SeatUse, held: Holdings) -> Times:
    ids = evaluation.facts.people.entra["id"]
    last = use.last["last"].to_numpy(dtype="datetime64[us]")
    of_user: Times = take(last, locate(ids, use.last["id"]), NEVER)[held.person]
    return of_user


def _held_since(evaluation: Evaluation, use: SeatUse, held: Holdings) -> Times:
    names = np.array([item.name for item in evaluation.judged.sets], dtype=object)
    accounts = evaluation.facts.accounts["account"].to_numpy(dtype=object)
    pairs = pd.MultiIndex.from_arrays([names[held.set], accounts[held.account]])
    known = pd.MultiIndex.from_arrays(
        [use.held[name].astype(object) for name in ("set", "account")]
    )
    since: Times = take(
        use.held["since"].to_numpy(dtype="datetime64[us]"), known.get_indexer(pairs), NEVER
    )
    return since


def _announced(use: SeatUse, user: str, unused_from: datetime) -> datetime | None:
    """Whoever used the seat since, or got it since, is told anew."""
    announced = use.announced.get(user)
    return announced if announced and announced > unused_from else None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
