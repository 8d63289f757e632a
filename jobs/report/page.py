"""report.html: one self-contained page for whoever reviews a plan; readable without its script."""

import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape
from msgspec.structs import asdict

from config.settings import Settings
from connectors.store.runs import SetRead
from jobs.output import printable
from jobs.output.printable import FORMULA, shown
from jobs.report import folds
from jobs.report.charts import Bars, TokenDays, use_over_time
from jobs.report.compiled_templates import CompiledTemplates
from jobs.report.people import Effect, Row, rows_of
from jobs.report.seats_done import seats_done
from jobs.report.sets import by_set
from jobs.report.state import AS_MADE, State, minute, told_apart
from jobs.report.staying import staying
from jobs.report.store_context import UNKNOWN, StoreContext
from jobs.report.summary import summarise
from jobs.report.waiting import ORDER, with_needs
from jobs.report.words import (
    WORDS,
    approving,
    by_code,
    called,
    first_use_in_words,
    judgement,
    members_in_words,
    not_begun_in_words,
    person,
    seats_left,
)
from reconciler.model.plan import Kind, Outcome, Plan
from reconciler.situations import SITUATIONS

STATIC = 200
"""People who stand in the page itself; its script shows the others, and so many more at a time."""

MOST, NAMED = 20, 25
"""Findings of one code that are listed at most, and losers whose names stand unfolded."""

FEW_GROUPS = 3
"""Groups whose members have changed most, told beside what to do next."""

MANY = {"user": "people", "set": "sets", "account": "accounts"}
"""Of a fold, by the kind of its subjects."""

OUTCOMES = {Outcome.HELD: "Held", Outcome.BLOCKED: "Stopped", Outcome.REFUSED: "Stopped"}
"""What a guard that objects makes of a plan, as headlines call it."""


def report_html(
    plan: Plan,
    settings: Settings,
    state: State = AS_MADE,
    store_context: StoreContext = UNKNOWN,
) -> bytes:
    """The whole page; every text from outside is escaped and cleaned."""
    rows = rows_of(plan)
    everybody = [*rows, *staying(plan)]
    losers = [row for row in rows if row.effect is Effect.LOSES]
    outcomes = state.outcomes(plan)
    script = _script()
    page = _template().render(
        plan=plan,
        basis=asdict(plan.basis),
        summary=summarise(plan, state, rows),
        state=state,
        stage=state.stage(plan),
        undone=state.undone(plan),
        not_begun=not_begun_in_words(state.not_begun(plan)),
        minute=minute,
        more_approvals=settings.policy.approvals - len(state.approvers),
        vendor=settings.vendor.name,
        token=TokenDays.of_vendor(settings.vendor, plan.basis.planned_at.date()),
        rows=rows,
        admins=[row for row in rows if row.admin],
        waiting=list(with_needs(plan)),
        ORDER=ORDER,
        called=partial(called, plan),
        person=person,
        everybody=everybody,
        losers=losers,
        deactivated=sum(one.kind is Kind.DEACTIVATE_ACCOUNT for one in plan.operations),
        losers_alike=folds.alike(losers[:STATIC], outcomes),
        outcomes=outcomes,
        folds=folds.folded(everybody[:STATIC], outcomes),
        stays=len(everybody) - len(rows),
        many=MANY,
        rows_json=_embedded(everybody, outcomes),
        script=Markup(script),  # noqa: S704  # our own
        script_hash=Markup(_csp_hash(script)),  # noqa: S704  # made of our own
        by_set=by_set(plan, rows),
        by_code=by_code(plan.findings),
        words=WORDS,
        title=lambda code: SITUATIONS[code].title,
        seats=seats_done(plan, state),
        bars=Bars.of_product,
        seats_left=seats_left,
        when=told_apart(at for at, _ in store_context.seats),
        uses=use_over_time(store_context.seats),
        first_use=first_use_in_words,
        store_context=store_context,
        reads=sorted(store_context.reads, key=_well_read),
        members={one.set: members_in_words(one) for one in plan.members},
        members_changed=_members_changed(store_context)[:FEW_GROUPS],
        members_before={read.set_name: read.members for read in store_context.reads_before},
        approving=approving,
        judgement=judgement,
        outcome_words=OUTCOMES,
        refused=any(verdict.outcome is Outcome.REFUSED for verdict in plan.objections),
        taken=any(" 409 " in f" {detail} " for _, detail in state.results.values()),
        STATIC=STATIC,
        MOST=MOST,
        NAMED=NAMED,
        FEW=folds.FEW,
    )
    return page.encode()


def _members_changed(known: StoreContext) -> list[tuple[str, int, int]]:
    """Sets whose group has more or fewer members than at the plan before: name, then and now.

    Where most have changed stands first.
    """
    before = {read.set_name: read.members for read in known.reads_before}
    changed = [
        (read.set_name, before[read.set_name], read.members)
        for read in known.reads
        if before.get(read.set_name, read.members) != read.members
    ]
    return sorted(changed, key=lambda one: (-abs(one[2] - one[1]), one[0]))


def _well_read(read: SetRead) -> bool:
    """What was not read whole comes first."""
    return bool(read.group_id) and read.complete


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("jobs.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
        bytecode_cache=CompiledTemplates([__file__, printable.__file__]),
    )
    environment.filters["with_code"] = _with_code
    environment.filters["typed"] = _typed
    return environment.get_template("report.html")


@cache
def _script() -> str:
    return files("jobs.report").joinpath("templates/report.js").read_text(encoding="utf-8")


def _csp_hash(script: str) -> str:
    """The source expression that allows this script and no other (CSP Level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def _clean(value: object) -> object:
    """Nothing unseen gets into the page, whatever has it in its text."""
    return value if isinstance(value, Markup) else shown(value)


def _with_code(text: str) -> Markup:
    """What stands between backticks is to be typed."""
    parts = enumerate(shown(text).split("`"))
    return Markup("").join(_typed(part) if at % 2 else part for at, part in parts)


def _typed(command: str) -> Markup:
    """Something to be typed; its lines end between words and never within an option."""
    words = (
        Markup('<span class="word">{}</span>').format(word) if "-" in word else escape(word)
        for word in shown(command).split(" ")
    )
    return Markup("<code>{}</code>").format(Markup(" ").join(words))


def _embedded(rows: Sequence[Row], results: Mapping[int, tuple[str, str]]) -> Markup:
    """The rows for the script, as it describes them: base64 of zlib's format (RFC 1950).

    Of 100,000 people it is a third of what it would be as it is, and no name in it can end the
    element.
    """
    said: dict[folds.Said, int] = {}
    table = [
        (
            shown(row.subject.id),
            shown(row.subject.name),
            row.called,
            said.setdefault(folds.said(row, results), len(said)),
        )
        for row in rows
    ]
    codes = dict.fromkeys(code for one in said for code in one.reasons)
    content = orjson.dumps(
        {
            "rows": table,
            "said": [_said(one) for one in said],
            "titles": {code: SITUATIONS[code].title for code in codes},
            "formula": FORMULA,
            "many": MANY,
            "few": folds.FEW,
        }
    )
    return Markup(b64encode(zlib.compress(content)).decode())  # noqa: S704


def _said(said: folds.Said) -> dict[str, Any]:
    """By name, with the name of the effect's style as `key`; nothing unseen is in it."""
    return {
        "kind": said.kind,
        "effect": said.effect.value,
        "key": said.effect.name.lower(),
        "before": _shown(said.before),
        "after": _shown(said.after),
        "frees": _shown(said.frees),
        "takes": _shown(said.takes),
        "lines": _shown(said.lines),
        "reasons": said.reasons,
        "results": [_shown(result) for result in said.results],
    }


def _shown(texts: tuple[str, ...] | None) -> list[str] | None:
    return None if texts is None else list(map(shown, texts))
