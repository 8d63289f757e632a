"""A plan as a workbook for spreadsheet programs: text cells are text, and numbers numbers."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from jobs.output.printable import shown
from jobs.report.people import rows_of
from jobs.report.seats_done import seats_done
from jobs.report.state import State
from jobs.report.words import WORDS, in_words, reason
from reconciler.model.plan import Plan
from reconciler.situations import refusal

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Rows = Iterable[tuple[object, ...]]


def report_xlsx(plan: Plan, state: State) -> bytes:
    """The sheets People, Operations, Findings and Seats (ECMA-376)."""
    from xlsxwriter import Workbook

    content, outcomes = BytesIO(), state.outcomes(plan)
    with Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": f"seatsync plan {plan.id}", "comments": plan.digest})
        _sheet(
            workbook,
            "People",
            (
                "What",
                "Who",
                "Display name",
                "Id",
                "Before",
                "After",
                "Frees",
                "Takes",
                "Further",
                "Why",
                "Result",
            ),
            (
                (
                    row.effect,
                    row.subject.name,
                    row.called,
                    row.subject.id,
                    None if row.before is None else ", ".join(row.before),
                    None if row.after is None else ", ".join(row.after),
                    ", ".join(row.frees),
                    ", ".join(row.takes),
                    "; ".join(row.lines),
                    "; ".join(map(reason, row.reasons)),
                    "; ".join(told for _, told in row.results(outcomes)),
                )
                for row in rows_of(plan)
            ),
        )
        _sheet(
            workbook,
            "Operations",
            ("Index", "Kind", "Who", "Id", "Account", "What", "Why"),
            (
                (
                    operation.index,
                    operation.kind,
                    operation.subject.name,
                    operation.subject.id,
                    operation.account,
                    in_words(operation),
                    reason(operation.reason),
                )
                for operation in plan.operations
            ),
        )
        _sheet(
            workbook,
            "Findings",
            ("Severity", "Code", "About", "Id", "Message", "Advice"),
            (
                (
                    WORDS[found.severity],
                    found.code,
                    found.subject.name,
                    found.subject.id,
                    found.message,
                    found.advice,
                )
                for found in (*map(refusal, plan.objections), *plan.findings)
            ),
        )
        _sheet(
            workbook,
            "Seats",
            ("Product", "Purchased", "Used before", "Lost", "Gained", "Used after", "Waiting"),
            (
                (
                    line.product,
                    line.purchased,
                    line.used_before,
                    line.frees,
                    line.takes,
                    line.used_after,
                    line.waiting,
                )
                for line in seats_done(plan, state)
            ),
        )
    return content.getvalue()


def _sheet(workbook: "Workbook", name: str, header: tuple[str, ...], rows: Rows) -> None:
    """No text is taken for a formula, a link or a number."""
    sheet = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    last = 0
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(last, column, value)
            elif value is not None:
                sheet.write_string(last, column, shown(value))
    sheet.autofilter(0, 0, last, len(header) - 1)
    sheet.set_column(0, len(header) - 1, 24)
