"""Puts a plan's reports into its folder."""

import re
from contextlib import suppress
from pathlib import Path

from config.settings import Settings
from connectors.files.disk import private_folder, write_whole
from jobs.report.markdown import report_markdown
from jobs.report.page import report_html
from jobs.report.plan_file import plan_json
from jobs.report.state import State
from jobs.report.tables import errors_csv, operations_csv
from jobs.report.workbook import report_xlsx
from reconciler.model.plan import Plan


def report_folder(settings: Settings, plan_id: str) -> Path:
    """``reports/<run id>``; an id is made of hex digits, whatever a plan claims."""
    if not re.fullmatch(r"[0-9a-f]{1,32}", plan_id):
        raise ValueError(f"{plan_id!r} is not the id of a run")
    return settings.reports / plan_id


def report_as(form: str, plan: Plan, settings: Settings, state: State) -> bytes:
    """The plan as ``html``, ``md``, ``xlsx``, ``csv`` or ``json``."""
    match form:
        case "md":
            return report_markdown(plan, state)
        case "xlsx":
            return report_xlsx(plan, state)
        case "csv":
            return operations_csv(plan)
        case "json":
            return plan_json(plan)
        case _:
            return report_html(plan, settings, state)


def write_page(plan: Plan, settings: Settings, state: State) -> None:
    """The page anew, where there is one; a page that cannot be written changes nothing."""
    with suppress(OSError):
        page = report_folder(settings, plan.id) / "report.html"
        if page.exists():
            write_whole(page, report_html(plan, settings, state))


def write_reports(plan: Plan, settings: Settings) -> Path:
    """plan.json, operations.csv, errors.csv and report.html; returns their folder (mode 0700).

    Raises:
        OSError: the disk is full, read-only, and the like; what was written before is whole.
    """
    folder = private_folder(report_folder(settings, plan.id))
    write_whole(folder / "plan.json", plan_json(plan))
    write_whole(folder / "operations.csv", operations_csv(plan))
    write_whole(folder / "errors.csv", errors_csv(plan))
    write_whole(folder / "report.html", report_html(plan, settings))
    return folder
