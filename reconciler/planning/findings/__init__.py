"""What is said about a draft: one finding per situation worth a word."""

from collections.abc import Iterable, Iterator

from reconciler.decisions.exemptions import KNOWS_NOTHING, ONLY_GRANTS
from reconciler.facts.undecided import nothing_decided
from reconciler.model.plan import NOTHING_DECIDED, Finding, Severity, Waiting
from reconciler.model.plural import named
from reconciler.model.snapshot import Interruption
from reconciler.planning.evaluation import Draft
from reconciler.planning.findings.activity import activity_findings
from reconciler.planning.findings.named import named_findings
from reconciler.planning.findings.outside import outside_findings
from reconciler.planning.findings.people import (
    extra_set_findings,
    orphan_findings,
    people_findings,
    stuck_findings,
)
from reconciler.planning.findings.seats import seat_findings
from reconciler.planning.findings.sets import member_findings, new_group_findings, set_findings
from reconciler.planning.findings.vendor import vendor_findings
from reconciler.planning.findings.ways import way_findings
from reconciler.planning.guards.time import expiry_warnings
from reconciler.situations import RUN, SITUATIONS, finding, of_export


def tell(draft: Draft, waiting: tuple[Waiting, ...]) -> tuple[Finding, ...]:
    """Everything that is worth a word, see `by_urgency`."""
    told = _all(draft, waiting)
    return by_urgency(map(of_export, told) if draft.snapshot.directory.export else told)


def by_urgency(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """That nothing could be read (R19), then the most severe; within that by code and subject, so
    that the order is always one.
    """
    urgency = {severity: at for at, severity in enumerate(reversed(Severity))}
    place = {code: at for at, code in enumerate(SITUATIONS)}
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                f.code != NOTHING_DECIDED,
                urgency[f.severity],
                place[f.code],
                f.subject.name,
                f.message,
            ),
        )
    )


def _all(draft: Draft, waiting: tuple[Waiting, ...]) -> Iterable[Finding]:
    yield from expiry_warnings(
        draft.settings.vendor,
        draft.snapshot.directory.credential_expires,
        draft.occasion.now.date(),
    )
    yield from _run_findings(draft)
    yield from named_findings(draft)
    yield from draft.judged.findings
    yield from set_findings(draft)
    yield from new_group_findings(draft.operations, draft.snapshot.target)
    yield from member_findings(draft.snapshot.directory)
    yield from people_findings(draft)
    yield from extra_set_findings(draft.operations)
    yield from stuck_findings(draft)
    yield from outside_findings(draft)
    yield from vendor_findings(draft)
    yield from orphan_findings(draft)
    yield from way_findings(draft)
    yield from activity_findings(draft)
    yield from draft.ledger.findings
    yield from seat_findings(draft, waiting)


def interruption_findings(interruptions: Iterable[Interruption]) -> Iterator[Finding]:
    """R13, per run that was interrupted."""
    for stop in interruptions:
        yield finding(
            "R13",
            RUN,
            run=stop.run_id,
            ended=stop.ended,
            planned=stop.planned,
            settled=stop.settled,
            done=stop.done,
            undone=stop.settled - stop.done,
        )


def _run_findings(draft: Draft) -> Iterator[Finding]:
    yield from interruption_findings(draft.snapshot.memory.interruptions)
    if nothing_decided(draft.judged, draft.undecided):
        names = [f'"{draft.judged.sets[at].name}"' for at in draft.undecided]
        yield finding(NOTHING_DECIDED, RUN, sets=named(names))
    directory = draft.snapshot.directory
    if directory.contradiction:
        yield finding("R16", RUN, what=directory.contradiction)
    if directory.not_by_changes:
        yield finding("R17", RUN, why=directory.not_by_changes)
    if directory.uncounted:
        yield finding("R26", RUN, why=directory.uncounted)
    for code in (ONLY_GRANTS, KNOWS_NOTHING):
        if left_out := int((draft.decisions.spared == code).sum()):
            yield finding(code, RUN, count=left_out)
