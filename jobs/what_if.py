"""What if: what another configuration or other numbers of seats would do, beside today's plan.

Everything is read once, for both. Nothing is planned, and nothing kept that could be approved.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from msgspec import Struct

from config.load import ConfigError, Problem, load
from config.settings import Settings
from config.suggest import unknown
from config.yaml_document import dotted
from connectors.files.seat_inventory import read_seats
from jobs.context import Context, new_id, tool_version, with_recorded_token
from jobs.leased_run import recorded
from jobs.output.exit_codes import Exit
from jobs.output.failures import NotConfigured
from jobs.output.rows.seats import AssumedSeatsRow, SeatDifferenceRow
from jobs.output.stage import stage
from jobs.reading.pull import pull
from reconciler.facts.undecided_sets import nothing_decided
from reconciler.model.phrasing import Plural
from reconciler.model.plan import SeatLine, Verdict
from reconciler.model.seat_inventory import SeatCount
from reconciler.model.snapshot import PlanContext
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.guard_verdicts import evaluate_guards
from reconciler.planning.seat_differences import SeatDifference, Standing, seat_differences
from reconciler.reconcile import evaluation_of
from reconciler.what_if import as_read_for, obstacles, settings_to_read


@dataclass(frozen=True)
class Assumption:
    """What would be otherwise. `patch` is merged into the configuration, or `other` takes its
    place; then `seats` are purchased, and sets have these `products`, both by name.
    """

    patch: Path | None = None
    other: Path | None = None
    seats: Mapping[str, int] = field(default_factory=dict)
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class WhatIfDocument(Struct, frozen=True, kw_only=True):
    """What another plan would do otherwise than today's to users and to the seats of each product,
    and the guards that would object to it, and do not to today's.
    """

    differences: tuple[SeatDifferenceRow, ...]
    seats: tuple[AssumedSeatsRow, ...]
    objections: tuple[Verdict, ...]


def what_if(
    context: Context, config: Path, assumption: Assumption, grants_only: bool = False
) -> tuple[WhatIfDocument, Exit]:
    """The difference between today's plan and the one that would be made then; UNDECIDED where
    nothing could be decided about today.

    Raises:
        config.load.ConfigError: the other configuration is not usable, or not comparable.
        NotConfigured: it has no such product or set.
        connectors.errors.CounterpartError, reconciler.no_plan.NoPlan: as `jobs.plan.make_plan`.
    """
    today = context.settings
    then = with_recorded_token(_settings(today, config, assumption), context.store)
    with recorded(context, "what-if") as run:
        snapshot = pull(replace(context, settings=settings_to_read(today, then)))
        inventory = _inventory(read_seats(then), assumption.seats)
        plan_context = PlanContext(new_id(), context.clock(), tool_version(), grants_only)
        with stage("decide", "Deciding") as deciding:
            one = evaluation_of(today, as_read_for(today, snapshot), plan_context)
            assumed = replace(as_read_for(then, snapshot), inventory=inventory)
            other = evaluation_of(then, assumed, plan_context)
            differences = tuple(map(_row, seat_differences(one, other)))
            deciding.count(differences=len(differences))
        undecided = nothing_decided(one.judged, one.undecided)
        run.exit_code = Exit.UNDECIDED if undecided else Exit.OK
        run.summary = f"{Plural(len(differences)):difference|differences} shown"
    by_name = sorted(differences, key=lambda row: (row.who.casefold(), row.product))
    found = WhatIfDocument(
        differences=tuple(by_name),
        seats=tuple(_seats(one, other)),
        objections=tuple(_new_objections(one, other)),
    )
    return found, run.exit_code


def _settings(today: Settings, config: Path, assumption: Assumption) -> Settings:
    file = assumption.other or assumption.patch or config
    then = load(assumption.other) if assumption.other else load(config, assumption.patch)
    if found := [*obstacles(today, then)]:
        raise ConfigError(Problem(file, None, dotted(at), why) for at, why in found)
    _all_known("--seats", assumption.seats, then.products)
    sets = {item.name: item for item in then.subscription_sets}
    _all_known("--product", assumption.products, sets)
    for name, products in assumption.products.items():
        _all_known("--product", products, then.products)
        sets[name] = sets[name].model_copy(update={"products": products})
    return then.model_copy(update={"subscription_sets": tuple(sets.values())})


def _all_known(option: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise NotConfigured(option, unknown(name, known))


def _inventory(counts: tuple[SeatCount, ...], seats: Mapping[str, int]) -> tuple[SeatCount, ...]:
    """With so many purchased; a number that is assumed is not too old."""
    by_product = {count.product: count for count in counts}
    for product, number in seats.items():
        count = by_product.get(product, SeatCount(product, number))
        by_product[product] = replace(count, purchased=number, as_of=None)
    return tuple(by_product.values())


def _row(one: SeatDifference) -> SeatDifferenceRow:
    return SeatDifferenceRow(
        who=one.user.name,
        id=one.user.id,
        product=one.product,
        difference=_WORDS[one.today, one.then],
        today=one.today.value,
        then=one.then.value,
    )


_WORDS: dict[tuple[Standing, Standing], Literal["gains", "loses", "waits", "no longer waits"]] = {
    (Standing.NOTHING, Standing.WAITS): "waits",
    (Standing.NOTHING, Standing.HOLDS): "gains",
    (Standing.WAITS, Standing.HOLDS): "gains",
    (Standing.WAITS, Standing.NOTHING): "no longer waits",
    (Standing.HOLDS, Standing.WAITS): "loses",
    (Standing.HOLDS, Standing.NOTHING): "loses",
}


def _seats(one: Evaluation, other: Evaluation) -> Iterator[AssumedSeatsRow]:
    today, then = ({line.product: line for line in found.seats} for found in (one, other))
    for product in dict.fromkeys((*today, *then)):
        purchased, used, waiting = _numbers(today.get(product))
        purchased_then, used_then, waiting_then = _numbers(then.get(product))
        yield AssumedSeatsRow(
            product=product,
            purchased=purchased,
            purchased_then=purchased_then,
            used=used,
            used_then=used_then,
            waiting=waiting,
            waiting_then=waiting_then,
        )


def _numbers(line: SeatLine | None) -> tuple[int | None, int | None, int | None]:
    """Purchased, used and waiting, once the plan is done."""
    return (line.purchased, line.used_after, line.waiting) if line else (None, None, None)


def _new_objections(one: Evaluation, other: Evaluation) -> Iterator[Verdict]:
    today = {verdict.code for verdict in evaluate_guards(one) if not verdict.passed}
    for verdict in evaluate_guards(other):
        if not verdict.passed and verdict.code not in today:
            yield verdict
