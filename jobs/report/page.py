"""report.html: self-contained, without scripts, for whoever reviews a plan."""

from functools import cache
from itertools import groupby
from operator import attrgetter

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from msgspec.structs import asdict

from config.settings import Settings
from jobs.printable import shown
from jobs.report.summary import in_words, summarise
from reconciler.model.plan import Finding, Kind, Operation, Outcome, Plan, SeatLine, Severity
from reconciler.situations import titled

WORDS = {
    Severity.INFORMATION: "Information",
    Severity.WARNING: "Warning",
    Severity.ERROR: "Error",
    Severity.BLOCK: "Blocks",
}


NO_SET = "No change of sets"


def report_html(plan: Plan, settings: Settings) -> bytes:
    """The whole page; every text from outside is escaped and cleaned."""
    page = _template().render(
        plan=plan,
        basis=asdict(plan.basis),
        summary=summarise(plan),
        vendor=settings.vendor.name,
        by_set=_by_set(plan),
        by_code=_by_code(plan),
        words=WORDS,
        in_words=in_words,
        reason=titled,
        bar=_bar,
        overrides=[verdict.code for verdict in plan.objections if verdict.overridable],
        refused=any(verdict.outcome is Outcome.REFUSED for verdict in plan.objections),
    )
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("jobs.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters["with_code"] = _with_code
    return environment.get_template("report.html")


def _clean(value: object) -> object:
    return value if isinstance(value, Markup) or not isinstance(value, str) else shown(value)


def _with_code(text: str) -> Markup:
    """What stands between backticks is to be typed."""
    parts = enumerate(shown(text).split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in parts
    )


def _by_set(plan: Plan) -> list[tuple[str, list[Operation]]]:
    """Operations under the set that somebody leaves or joins; a person's stand together."""
    set_of = {
        operation.subject.id: name for operation in plan.operations for name in _sets(operation)[:1]
    }

    def place(operation: Operation) -> str:
        return set_of.get(operation.subject.id, NO_SET)

    ordered = sorted(
        plan.operations,
        key=lambda o: (place(o) == NO_SET, place(o), o.subject.name.casefold(), o.index),
    )
    return [(name, list(operations)) for name, operations in groupby(ordered, key=place)]


def _sets(operation: Operation) -> list[str]:
    if operation.kind is Kind.CREATE_SET_GROUP:
        return [operation.subject.name]
    return [*(operation.after.sets or ()), *(operation.before.sets or ())]


def _by_code(plan: Plan) -> list[list[Finding]]:
    return [list(same) for _, same in groupby(plan.findings, key=attrgetter("severity", "code"))]


def _bar(line: SeatLine) -> dict[str, float]:
    """Widths in percent: seats in use before and after, and what of it is over the purchase."""
    whole = max(line.purchased or 0, line.used_before, line.used_after, 1)
    kept = min(line.used_before - line.frees, line.used_after)
    return {
        "kept": 100 * kept / whole,
        "taken": 100 * (line.used_after - kept) / whole,
        "purchased": 100 * (line.purchased or 0) / whole,
    }
