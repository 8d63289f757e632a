"""A plan for one user, and for others who have to make room for that.

It is decided for everybody, as always: that a user is in no group follows from groups that were
read completely, and who comes first from the whole queue. Only then is the rest left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from reconciler.columns.frames import TEXT, column
from reconciler.columns.table_joins import is_in
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding, Plan, Subject, Verdict, Waiting
from reconciler.planning.display_names import with_display_names
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.findings.collect import by_urgency, collect_findings
from reconciler.planning.findings.seats import waiting_list
from reconciler.planning.guard_verdicts import evaluate_guards
from reconciler.planning.part import Part, part_of
from reconciler.reconcile import basis_of
from reconciler.situations import RUN, finding
from reconciler.situations.plans import FOR_ONE_USER, OTHERS_FIRST
from reconciler.situations.runs import MASS_REVOCATION


def reconcile_user(evaluation: Evaluation, user: Subject, number: int) -> Plan:
    """The user's part of the plan for everybody; `number` is that of `Plan.run`. Pure."""
    ledger, queue = evaluation.ledger, waiting_list(evaluation)
    free = ledger.free(np.zeros(len(ledger.products), dtype=np.int64))
    part = part_of(evaluation.operations, user.id, dict(zip(ledger.products, free, strict=True)))
    users = (user, *part.tied)
    scope = _Scope(evaluation, part, users)
    narrowed = scope.narrowed
    plan = Plan(
        id=evaluation.plan_context.plan_id,
        run=number,
        only=users,
        basis=basis_of(evaluation),
        operations=part.operations,
        findings=by_urgency([*scope.findings(queue), *_about(user, part)]),
        seats=narrowed.seats,
        waiting=_up_to(user, queue),
        graces=tuple(grace for grace in evaluation.graces if grace.user in users),
        verdicts=_judged(evaluation, narrowed),
        undecided=tuple(evaluation.judged.sets[at].name for at in evaluation.undecided),
    )
    return with_display_names(plan, evaluation.facts.people.entra)


@dataclass(frozen=True)
class _Scope:
    """What concerns the users of a part."""

    evaluation: Evaluation
    part: Part
    users: tuple[Subject, ...]

    @property
    def narrowed(self) -> Evaluation:
        """The evaluation as if nothing else were planned, and nobody else exempt."""
        decisions = self.evaluation.decisions
        exempted = np.where(self._theirs, decisions.exempted, "")
        return replace(
            self.evaluation,
            operations=self.part.operations,
            decisions=replace(decisions, exempted=exempted),
        )

    def findings(self, queue: tuple[Waiting, ...]) -> Iterator[Finding]:
        """Findings about the run, the users, their sets, and the products of these."""
        concerned = {("user", user.id) for user in self.users} | {*self._sets_and_products()}
        for found in collect_findings(self.narrowed, queue):
            if found.subject == RUN or (found.subject.kind, found.subject.id) in concerned:
                yield found

    @property
    def _theirs(self) -> np.ndarray:
        ids = self.evaluation.facts.people.entra["id"]
        return is_in(ids, column((user.id for user in self.users), TEXT))

    def _sets_and_products(self) -> Iterator[tuple[str, str]]:
        people, sets = self.evaluation.facts.people, self.evaluation.judged.sets
        for at in {*people.wanted[self._theirs].tolist(), *people.held[self._theirs].tolist()}:
            if at >= 0:
                yield "set", sets[at].name
                yield from (("product", product) for product in sets[at].products)


def _up_to(user: Subject, queue: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    """The waiting list up to the user; empty if the user does not wait."""
    place = next((entry.position for entry in queue if entry.user == user), 0)
    return queue[:place]


def _about(user: Subject, part: Part) -> Iterator[Finding]:
    tied = f" Without {_names(part.tied)} it would not be possible." if part.tied else ""
    yield finding(FOR_ONE_USER, user, left=part.left, tied=tied)
    if stop := part.obstruction:
        ahead = f" Before {user.name} in the queue: {_names(stop.ahead)}." if stop.ahead else ""
        givers = f" Room is made by {_names(stop.givers)}." if stop.givers else ""
        yield finding(OTHERS_FIRST, user, product=stop.product, others=ahead + givers)


def _names(users: tuple[Subject, ...]) -> str:
    return named([user.name for user in dict.fromkeys(users)])


def _judged(whole: Evaluation, narrowed: Evaluation) -> tuple[Verdict, ...]:
    """All guards. If the part takes anything, R9 is judged for the plan for everybody: where that
    takes too much at once, it must not be taken from one user after the other either.
    """
    verdicts = evaluate_guards(narrowed)
    would = narrowed.consequences
    if not any(loss.losing for loss in (would.seats, would.accounts, would.role)):
        return verdicts
    codes = {MASS_REVOCATION.code}
    instead = {v.code: v for v in evaluate_guards(whole) if v.code in codes and not v.passed}
    return tuple(instead.get(verdict.code, verdict) for verdict in verdicts)
