"""operations.csv, errors.csv and results.csv: RFC 4180, in UTF-8 with a byte order mark.

Spreadsheet programs take a file without the mark for one in the machine's own encoding.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from jobs.operation_results import Applied
from jobs.output.printable import cell
from jobs.report.words import in_words, notable
from reconciler.model.plan import Plan
from reconciler.situations import refusal, titled


def operations_csv(plan: Plan) -> bytes:
    """One row per operation, in executable order."""
    header = (
        "plan", "digest", "index", "kind", "subject", "object_id", "account", "what",
        "takes", "frees", "reason", "needs",
    )  # fmt: skip
    rows = (
        (
            plan.id,
            plan.digest,
            operation.index,
            operation.kind,
            operation.subject.name,
            operation.subject.id,
            operation.account or "",
            in_words(operation),
            ", ".join(operation.takes),
            ", ".join(operation.frees),
            titled(operation.reason),
            " ".join(map(str, operation.needs)),
        )
        for operation in plan.operations
    )
    return as_csv(header, rows)


def errors_csv(plan: Plan) -> bytes:
    """What needs somebody's attention: guards that object, then findings but information."""
    header = ("plan", "digest", "code", "severity", "kind", "id", "name", "message", "advice")
    rows = (
        (
            plan.id,
            plan.digest,
            finding.code,
            finding.severity,
            finding.subject.kind,
            finding.subject.id,
            finding.subject.name,
            finding.message,
            finding.advice,
        )
        for finding in (*map(refusal, plan.objections), *notable(plan))
    )
    return as_csv(header, rows)


def results_csv(plan: Plan, applied: Applied) -> bytes:
    """What became of each operation."""
    header = ("plan", "digest", "index", "kind", "subject", "what", "result", "detail")
    rows = (
        (
            plan.id,
            plan.digest,
            outcome.operation.index,
            outcome.operation.kind,
            outcome.operation.subject.name,
            in_words(outcome.operation),
            outcome.result,
            outcome.detail,
        )
        for outcome in applied.outcomes
    )
    return as_csv(header, rows)


_NUMBERS = {"index", "needs"}


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV whose cells are text and nothing else, but in the columns of our own numbers."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    columns = zip(header, zip(*rows, strict=True), strict=False)  # none, where there are no rows
    writer.writerows(
        zip(
            *(values if name in _NUMBERS else _cells(values) for name, values in columns),
            strict=True,
        )
    )
    return text.getvalue().encode("utf-8-sig")


def _cells(values: Iterable[object]) -> Iterator[object]:
    """A column's cells; what repeats, as most does, is looked at once."""
    said = [value if type(value) is int else str(value) for value in values]
    cells = {one: one if type(one) is int else cell(one) for one in set(said)}
    return map(cells.__getitem__, said)
