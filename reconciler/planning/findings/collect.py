"""All findings about an evaluation, the most urgent first."""

from collections.abc import Iterable, Iterator

from reconciler.facts.undecided_sets import nothing_decided
from reconciler.model.phrasing import Plural, named
from reconciler.model.plan import NOTHING_DECIDED, Finding, Severity, Waiting
from reconciler.model.snapshot import Interruption
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.findings.attribute_habits import way_findings
from reconciler.planning.findings.expiring_credentials import expiry_warnings
from reconciler.planning.findings.idle import reclaim_findings
from reconciler.planning.findings.names_in_policy import named_findings
from reconciler.planning.findings.people import (
    extra_set_findings,
    orphan_findings,
    people_findings,
    stuck_findings,
)
from reconciler.planning.findings.seats import seat_findings
from reconciler.planning.findings.sets import member_findings, new_group_findings, set_findings
from reconciler.planning.findings.unclear_activation import activity_findings
from reconciler.planning.findings.unmanaged_accounts import outside_findings
from reconciler.planning.findings.vendor import vendor_findings
from reconciler.situations import RUN, SITUATIONS, finding, of_export
from reconciler.situations.plans import GRANTS_ONLY
from reconciler.situations.runs import (
    DELTA_WRONG,
    MEMBERS_NOT_COUNTED,
    NOTHING_READ,
    READ_IN_FULL,
    RUN_INTERRUPTED,
    STORE_TOO_YOUNG,
)


def collect_findings(evaluation: Evaluation, waiting: tuple[Waiting, ...]) -> tuple[Finding, ...]:
    """All findings, in the order of `by_urgency`."""
    found = _all(evaluation, waiting)
    return by_urgency(map(of_export, found) if evaluation.snapshot.directory.export else found)


def by_urgency(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """R19 (nothing could be read) first, then by severity, code, subject and message: one order."""
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


def _all(evaluation: Evaluation, waiting: tuple[Waiting, ...]) -> Iterable[Finding]:
    yield from expiry_warnings(
        evaluation.settings.vendor,
        evaluation.snapshot.directory.credential_expires,
        evaluation.plan_context.now.date(),
    )
    yield from _run_findings(evaluation)
    yield from named_findings(evaluation)
    yield from evaluation.judged.findings
    yield from set_findings(evaluation)
    yield from new_group_findings(evaluation.operations, evaluation.snapshot.target)
    yield from member_findings(evaluation.snapshot.directory)
    yield from people_findings(evaluation)
    yield from extra_set_findings(evaluation.operations)
    yield from stuck_findings(evaluation)
    yield from reclaim_findings(evaluation)
    yield from outside_findings(evaluation)
    yield from vendor_findings(evaluation)
    yield from orphan_findings(evaluation)
    yield from way_findings(evaluation)
    yield from activity_findings(evaluation)
    yield from evaluation.ledger.findings
    yield from seat_findings(evaluation, waiting)


def interruption_findings(interruptions: Iterable[Interruption]) -> Iterator[Finding]:
    """R13, per run that was interrupted."""
    for stop in interruptions:
        yield finding(
            RUN_INTERRUPTED,
            RUN,
            run=stop.run_id,
            ended=stop.ended,
            planned=stop.planned,
            settled=stop.settled,
            done=stop.done,
            undone=stop.settled - stop.done,
        )


def _run_findings(evaluation: Evaluation) -> Iterator[Finding]:
    yield from interruption_findings(evaluation.snapshot.memory.interruptions)
    if nothing_decided(evaluation.judged, evaluation.undecided):
        names = [f'"{evaluation.judged.sets[at].name}"' for at in evaluation.undecided]
        yield finding(NOTHING_READ, RUN, sets=named(names))
    directory = evaluation.snapshot.directory
    if directory.contradiction:
        yield finding(DELTA_WRONG, RUN, what=directory.contradiction)
    if directory.full_read_because:
        yield finding(READ_IN_FULL, RUN, why=directory.full_read_because)
    if directory.uncounted:
        yield finding(MEMBERS_NOT_COUNTED, RUN, why=directory.uncounted)
    exempted = evaluation.decisions.exempted
    if left_out := int((exempted == GRANTS_ONLY.code).sum()):
        yield finding(GRANTS_ONLY, RUN, count=left_out)
    if left_out := int((exempted == STORE_TOO_YOUNG.code).sum()):
        people = f"{Plural(left_out):person|people}"
        so = f"{people} would lose something; this plan only grants"
        yield finding(STORE_TOO_YOUNG, RUN, age="it has made no plan yet", so=so)
