"""What a plan's reports take: plan.json, both CSV files, and the page. `make benchmarks`.

Nobody has an account yet, so that all who may have one get it, and a seat: two operations for each.
Garbage is looked for as seldom as in the program itself.
"""

import gc
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import goals
from large_company import large_company

from config.settings import Settings
from jobs.cli.program import GARBAGE
from jobs.report.write import write_reports
from reconciler.model.plan import Plan
from reconciler.reconcile import reconcile

PEOPLE = (1_050, 10_500, 52_500)
"""The last come to 100,000 operations."""

ROUNDS = 3


def main() -> None:
    gc.set_threshold(GARBAGE)
    sizes = [int(size) for size in sys.argv[1:]] or PEOPLE
    seconds = {}
    for size in sizes:
        settings, plan = joining(size)
        spent, page = written(plan, settings)
        seconds[len(plan.operations)] = spent
    operations = f"{len(plan.operations):,} operations"
    goals.at_most(3, spent, "s of CPU", f"reports of {operations}")
    goals.at_most(8, page / 1e6, "MB", f"the page of {operations}")
    if len(seconds) > 1:
        goals.grows_linearly(seconds, "reports")


def joining(people: int) -> tuple[Settings, Plan]:
    company = large_company(people)
    target, memory = company.snapshot.target, company.snapshot.memory
    snapshot = replace(
        company.snapshot,
        target=replace(target, accounts=target.accounts[:0], holdings=target.holdings[:0]),
        memory=replace(memory, links=memory.links[:0]),
    )
    return company.settings, reconcile(company.settings, snapshot, company.plan_context)


def written(plan: Plan, settings: Settings) -> tuple[float, int]:
    """Seconds, and the page's bytes."""
    spent = []
    with TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"reports": Path(folder)})
        for _ in range(ROUNDS):
            began = process_time()
            reports = write_reports(plan, settings)
            spent.append(process_time() - began)
        page = (reports / "report.html").stat().st_size
    return median(spent), page


if __name__ == "__main__":
    main()
