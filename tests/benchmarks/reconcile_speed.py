"""How fast `reconcile()` is, as ratios in one run: `make benchmarks`.

    plain   the same decision with dictionaries and sets (`plain_script`)
    floor   `pandas.factorize` over both id columns, and a comparison of the integers: no less
            can be done by a program that looks at every id

Seconds are the processor's, of all threads, so that what else the machine does counts little. Every
measurement runs in a process of its own and in turn, so that none sees the memory of another
and all see the same machine; the best of several counts, for disturbance only adds. Each warms up
on a small company first: imports are not part of it.
"""

import gc
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from inspect import isfunction, isgenerator
from multiprocessing import get_context
from time import process_time
from typing import Any

import goals
import numpy as np
import pandas as pd
import pyarrow as pa
from goals import note
from large_company import PRODUCTS, Company, large_company
from plain_script import Outcome, Rows, decide

from reconciler import reconcile as story
from reconciler.model.plan import Plan

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
WARM_UP = 1_000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    largest = SIZES[-1]
    ours = {size: min(_apart(seconds_of_reconcile, size) for _ in range(3)) for size in SIZES[:-1]}
    plain, without, floor, whole = [], [], [], []
    for _ in range(rounds):
        whole.append(_apart(seconds_of_reconcile, largest))
        plain.append(_apart(seconds_of_plain_script, largest))
        without.append(_apart(seconds_of_plain_script_without_collector, largest))
        floor.append(_apart(seconds_of_floor, largest))
    ours[largest] = min(whole)
    best = ours[largest]
    what = f"reconcile() of {largest:,} people"
    note(f"{what}, best of {rounds}, each in a process of its own: {best:.2f} s")
    for collects, seconds in (("", plain), ("out", without)):
        script = f"a plain script with{collects} garbage collector"
        note(f"  {script}: {min(seconds):.2f} s")
        goals.at_least(7, min(seconds) / best, "times as fast", f"{what}, CPU, against {script}")
    note(f"  the floor: {min(floor):.2f} s")
    goals.at_most(5, best / min(floor), "times", f"{what}, CPU, against the floor")
    goals.at_most(0.8, _apart(peak_of_reconcile, largest), "GB", f"{what}, peak memory with input")
    goals.grows_linearly(ours, "reconcile(), CPU")
    note(f"The same people: {_apart(check_that_both_decide_the_same, SIZES[1])}")
    note("Where the time goes:")
    for step, seconds in _apart(seconds_of_steps, largest).items():
        note(f"  {step:22} {seconds:7.2f} s")


def seconds_of_reconcile(size: int) -> float:
    return _timed(_plan, large_company(WARM_UP), large_company(size))


def seconds_of_plain_script(size: int) -> float:
    return _timed(decide, _rows(large_company(WARM_UP)), _rows(large_company(size)))


def seconds_of_plain_script_without_collector(size: int) -> float:
    """Millions of rows are millions of objects that Python's collector walks through in vain."""
    gc.disable()
    return seconds_of_plain_script(size)


def seconds_of_floor(size: int) -> float:
    return _timed(_floor, large_company(WARM_UP), large_company(size))


def peak_of_reconcile(size: int) -> float:
    _plan(large_company(size))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def check_that_both_decide_the_same(size: int) -> str:
    """Raises unless both have the same operations, people and sets, and the same queue."""
    company = large_company(size)
    plan, outcome = _plan(company), decide(_rows(company))
    ours, theirs = _changes_of_plan(plan), _changes_of_script(outcome)
    if ours != theirs:
        raise AssertionError(f"only we: {ours - theirs}; only the script: {theirs - ours}")
    queue = [(entry.user.id, set(entry.blocked_by)) for entry in plan.waiting]
    if queue != outcome.waiting:
        raise AssertionError("the queues differ")
    kinds = Counter(operation.kind.value for operation in plan.operations)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"of {size:,}: {told}, {len(queue)} wait"


def seconds_of_steps(size: int) -> dict[str, float]:
    """Per function that `reconcile()` calls; beneath them what a plan costs afterwards."""
    _plan(large_company(WARM_UP))
    company = large_company(size)
    with _stopwatch() as spent:
        start = process_time()
        plan = _plan(company)
        total = process_time() - start
    steps = dict(sorted(spent.items(), key=lambda item: -item[1]))
    start = process_time()
    plan.digest  # noqa: B018
    return {
        **{name: seconds for name, seconds in steps.items() if seconds >= 0.005},
        "(all of reconcile)": total,
        "(then Plan.digest)": process_time() - start,
    }


def _apart(measure: Callable[[int], Any], size: int) -> Any:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(measure, size).result()


def _timed(work: Callable[[Any], object], small: Any, large: Any) -> float:
    work(small)
    start = process_time()
    work(large)
    return process_time() - start


def _plan(company: Company) -> Plan:
    return story.reconcile(company.settings, company.snapshot, company.plan_context)


def _floor(company: Company) -> int:
    snapshot = company.snapshot
    ids = [snapshot.directory.people["id"], snapshot.target.accounts["externalId"]]
    codes, uniques = pd.factorize(pd.concat(ids, ignore_index=True))
    people, accounts = np.split(codes, [len(ids[0])])
    has_account = np.zeros(len(uniques) + 1, dtype=bool)
    has_account[accounts] = True
    return int(has_account[people].sum())


def _rows(company: Company) -> Rows:
    directory, target = company.snapshot.directory, company.snapshot.target
    members, people, accounts, holdings, waits = (
        pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
        for frame in (
            directory.members,
            directory.people,
            target.accounts,
            target.holdings,
            company.snapshot.memory.waits,
        )
    )
    purchased = {count.product: int(count.purchased or 0) for count in company.snapshot.inventory}
    assert list(purchased) == PRODUCTS
    run = company.snapshot.memory.run
    return Rows(company.settings, members, people, accounts, holdings, purchased, waits, run)


def _changes_of_plan(plan: Plan) -> Counter[tuple[Any, ...]]:
    return Counter(
        (
            operation.kind.value,
            operation.subject.id,
            frozenset(operation.lost),
            frozenset(operation.gained),
            frozenset((operation.after.attributes or {}).items()),
        )
        for operation in plan.operations
    )


def _changes_of_script(outcome: Outcome) -> Counter[tuple[Any, ...]]:
    return Counter(
        (
            operation["kind"],
            operation["id"],
            frozenset(operation.get("lost", ())),
            frozenset(operation.get("gained", ())),
            frozenset(operation.get("attributes", {}).items()),
        )
        for operation in outcome.operations
    )


@contextmanager
def _stopwatch() -> Iterator[dict[str, float]]:
    """Wraps what `reconcile` calls by name; the reconciler itself measures nothing."""
    spent: dict[str, float] = Counter()
    sound = dict(vars(story))

    def timed(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*arguments: Any, **named: Any) -> Any:
            start = process_time()
            result = step(*arguments, **named)
            result = list(result) if isgenerator(result) else result
            spent[name] += process_time() - start
            return result

        return measured

    for name, step in sound.items():
        if isfunction(step) and name not in {"reconcile", "draft_plan"}:
            setattr(story, name, timed(name, step))
    try:
        yield spent
    finally:
        vars(story).update(sound)


if __name__ == "__main__":
    main()
