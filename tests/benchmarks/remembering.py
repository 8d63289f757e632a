"""What the next run's memory takes of a store, and what plans leave in it: `make benchmarks`."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from uuid import UUID

import goals
from large_company import large_company

from connectors.store.database import open_database
from jobs.context import Context
from jobs.reading.memory import memory
from reconciler.planning.memory_update import remember
from reconciler.reconcile import reconcile

SIZES = (20_000, 100_000, 1_000_000)
PLANNED = 100_000
ROUNDS = 3
MOST = (1 << 128) - 1
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    seconds = {size: seconds_to_remember(size) for size in sizes}
    goals.at_most(
        1, seconds[sizes[-1]], "s of CPU", f"the next run's memory of {sizes[-1]:,} links"
    )
    if len(sizes) > 1:
        goals.grows_linearly(seconds, "the next run's memory")
    tell_sizes(min(PLANNED, sizes[-1]))


def seconds_to_remember(size: int) -> float:
    with TemporaryDirectory() as folder:
        store = open_database(f"sqlite:///{folder}/seatsync.db")
        with store.transaction() as tx:
            tx.memory.link(
                {str(UUID(int=at)): str(UUID(int=~at & MOST)) for at in range(size)}, NOW
            )
        context = Context(large_company(100).settings, store)
        spent = []
        for _ in range(ROUNDS):
            began = process_time()
            assert len(memory(context).links) == size
            spent.append(process_time() - began)
        store.close()
    return median(spent)


def tell_sizes(people: int) -> None:
    """How much two plans leave of which the second finds what the first has found."""
    company = large_company(people)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "seatsync.db"
        store = open_database(f"sqlite:///{file}")
        sizes: list[int] = []
        for plan_id in ("00000001", "00000002"):
            run = company.snapshot.memory.run + len(sizes)
            snapshot = replace(company.snapshot, memory=replace(company.snapshot.memory, run=run))
            plan_context = replace(company.plan_context, plan_id=plan_id)
            plan = reconcile(company.settings, snapshot, plan_context)
            with store.transaction() as tx:
                tx.plans.add(plan)
                tx.memory.save(remember(company.settings, snapshot, plan), NOW)
            store.compact()
            sizes.append(file.stat().st_size)
        store.close()
    goals.note(
        f"{people:,} people, a plan of {len(plan.operations):,} operations, "
        f"{len(plan.canonical) / 1e6:.1f} MB: the store has {sizes[0] / 1e6:.1f} MB, "
        f"and {(sizes[1] - sizes[0]) / 1e6:.1f} MB more after the next one"
    )


if __name__ == "__main__":
    main()
