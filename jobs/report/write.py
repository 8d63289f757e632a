"""Puts a plan's reports into its folder."""

import re
from contextlib import suppress
from pathlib import Path

from config.settings import Settings
from connectors.files.disk import private_folder, write_whole
from connectors.store.errors import StoreError
from jobs.context import Context
from jobs.report.csv_files import errors_csv, operations_csv
from jobs.report.markdown_report import report_markdown
from jobs.report.page import report_html
from jobs.report.plan_file import plan_json
from jobs.report.state import state_of
from jobs.report.store_context import UNKNOWN, StoreContext, store_context_of
from jobs.report.workbook import report_xlsx
from reconciler.model.plan import Plan


def report_folder(settings: Settings, plan_id: str) -> Path:
    """``reports/<run id>``; an id is made of hex digits, whatever a plan claims."""
    if not re.fullmatch(r"[0-9a-f]{1,32}", plan_id):
        raise ValueError(f"{plan_id!r} is not the id of a run")
    return settings.reports / plan_id


def report_address(settings: Settings, plan_id: str) -> str:
    """Where others read a plan's page, or where it lies."""
    if at := settings.reports_url:
        return f"{at}/{plan_id}/report.html"
    return str(report_folder(settings, plan_id) / "report.html")


def report_as(form: str, context: Context, plan: Plan) -> bytes:
    """The plan as ``html``, ``md``, ``xlsx``, ``csv`` or ``json``, with what became of it.

    Raises:
        connectors.store.errors.StoreError: the store cannot be asked.
    """
    match form:
        case "md":
            return report_markdown(plan, state_of(context, plan))
        case "xlsx":
            return report_xlsx(plan, state_of(context, plan))
        case "csv":
            return operations_csv(plan)
        case "json":
            return plan_json(plan)
        case _:
            settings, state = context.settings, state_of(context, plan)
            return report_html(plan, settings, state, store_context_of(context, plan))


def update_page(context: Context, plan: Plan) -> None:
    """The page anew, where there is one, with what became of the plan until now.

    What was done stands: a page that cannot be written, or a store that cannot be asked, changes
    nothing of it.
    """
    with suppress(OSError, StoreError):
        page = _page(context.settings, plan.id)
        if page.exists():
            write_whole(page, report_as("html", context, plan))


def supersede_page(context: Context, plan_id: str) -> None:
    """The page of the plan before says that a newer one took its place, likewise."""
    with suppress(OSError, StoreError):
        if _page(context.settings, plan_id).exists():
            update_page(context, context.find_plan(plan_id))


def _page(settings: Settings, plan_id: str) -> Path:
    return report_folder(settings, plan_id) / "report.html"


def write_reports(plan: Plan, settings: Settings, store_context: StoreContext = UNKNOWN) -> Path:
    """plan.json, operations.csv, errors.csv and report.html; returns their folder (mode 0700).

    Raises:
        OSError: the disk is full, read-only, and the like; what was written before is whole.
    """
    folder = private_folder(report_folder(settings, plan.id))
    write_whole(folder / "plan.json", plan_json(plan))
    write_whole(folder / "operations.csv", operations_csv(plan))
    write_whole(folder / "errors.csv", errors_csv(plan))
    write_whole(folder / "report.html", report_html(plan, settings, store_context=store_context))
    return folder
