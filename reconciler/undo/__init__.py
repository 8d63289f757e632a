"""Undo: a plan that takes back what a run did, as far as today's state allows it.

It goes against the directory on purpose; all else is as for any plan: frozen sets, protected users,
seats, guards. What the run did to a user is taken back as a whole or not at all, and only if the
account is as the run left it. A created account is deactivated, never deleted; links and the groups
of sets stay.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from config.settings import Settings
from reconciler.columns.frames import TEXT, column, folded
from reconciler.columns.table_joins import is_in
from reconciler.decisions.last_admin import last_admins
from reconciler.facts.account_of_user import USER_NAME
from reconciler.facts.admins import admins_now, with_new_admins_marked
from reconciler.model.phrasing import named
from reconciler.model.plan import Finding, Kind, Operation, Plan, Subject, Verdict
from reconciler.model.snapshot import PlanContext, Snapshot
from reconciler.planning.display_names import with_display_names
from reconciler.planning.evaluation import Evaluation
from reconciler.planning.findings.collect import by_urgency, interruption_findings
from reconciler.planning.findings.expiring_credentials import expiry_warnings
from reconciler.planning.guard_verdicts import evaluate_guards
from reconciler.reconcile import basis_of, evaluation_of
from reconciler.situations import RUN, finding
from reconciler.situations.accounts import LAST_ADMIN
from reconciler.situations.plans import (
    CHANGED_SINCE_RUN,
    LEFT_AS_IS,
    NO_SEAT_TO_GIVE_BACK,
    NOBODY_TO_GIVE_BACK_TO,
    RUN_TAKEN_BACK,
    STAYS_AS_IS,
)
from reconciler.situations.situation import Situation
from reconciler.undo.inverse import Inverse, inverse_of
from reconciler.undo.obstacle import obstacle
from reconciler.undo.previous_state import (
    PreviousState,
    UserToday,
    accounts_today,
    changed_since,
    previous_state_of,
    users_today,
)
from reconciler.undo.run_effects import RunEffect, run_effects_of


@dataclass(frozen=True)
class Done:
    """What a run did at the vendor: the operations that took effect, in their order."""

    run: str
    operations: tuple[Operation, ...]


def undo(settings: Settings, snapshot: Snapshot, plan_context: PlanContext, done: Done) -> Plan:
    """The plan that restores the state before the run. Pure, as `reconcile` is.

    Raises:
        NoPlan: see `evaluation_of`.
    """
    evaluation = evaluation_of(settings, snapshot, plan_context)
    effects = run_effects_of(done.operations)
    people = users_today(evaluation.snapshot, {effect.subject.id for effect in effects})
    report = _Report(done.run)
    for operation in done.operations:
        if operation.kind is Kind.CREATE_SET_GROUP:
            report.add(STAYS_AS_IS, operation.subject, why="the group of a set is never deleted")
    states = _without_taken_names(
        evaluation, list(_previous_states(evaluation, effects, people, report)), report
    )
    states = _without_lockout(evaluation, states, report)
    back = inverse_of(
        states, evaluation.judged.sets, evaluation.ledger, evaluation.snapshot.memory.run
    )
    admins = admins_now(evaluation.facts, evaluation.judged)
    operations = with_new_admins_marked(back.operations, admins)
    served = tuple(_served(states, back, report))
    report.add(RUN_TAKEN_BACK, RUN, count=len(served), next=_next(served, people))
    plan = Plan(
        id=plan_context.plan_id,
        run=evaluation.snapshot.memory.run,
        undoes=done.run,
        basis=basis_of(evaluation),
        operations=operations,
        findings=by_urgency([*_of_the_run(evaluation), *report.findings]),
        seats=back.seats,
        waiting=(),
        verdicts=_judged(evaluation, operations),
    )
    return with_display_names(plan, evaluation.facts.people.entra)


class _Report:
    """Collects the findings about the run that is taken back."""

    def __init__(self, run: str) -> None:
        self._run = run
        self.findings: list[Finding] = []

    def add(self, situation: Situation, subject: Subject, **facts: object) -> None:
        self.findings.append(finding(situation, subject, run=self._run, **facts))


def _previous_states(
    evaluation: Evaluation,
    effects: Iterable[RunEffect],
    people: dict[str, UserToday],
    report: _Report,
) -> Iterator[PreviousState]:
    """The states that can be restored; what cannot is reported."""
    effects = tuple(effects)
    accounts = accounts_today(evaluation.snapshot, {effect.subject.id for effect in effects})
    for effect in effects:
        theirs = accounts.get(effect.subject.id, [])
        if effect.linked:
            report.add(
                STAYS_AS_IS, effect.subject, why="the link of an account to its user is kept"
            )
        if why := changed_since(effect, theirs):
            report.add(CHANGED_SINCE_RUN, effect.subject, why=why)
            continue
        one = previous_state_of(effect, theirs[0])
        if one.keeps:
            why = f"{', '.join(one.keeps)} had no value before, and cannot be emptied"
            report.add(STAYS_AS_IS, effect.subject, why=why)
        if not one.changes:
            continue
        absent = people.get(effect.subject.id, UserToday()).absent if one.gains else ""
        if why := obstacle(evaluation, effect.subject.id, one.touched):
            report.add(LEFT_AS_IS, effect.subject, why=why)
        elif one.in_several:
            why = "the account would be in several sets, and the vendor allows one"
            report.add(STAYS_AS_IS, effect.subject, why=why)
        elif absent:
            report.add(NOBODY_TO_GIVE_BACK_TO, effect.subject, why=f"the user {absent}")
        else:
            yield one


def _without_taken_names(
    evaluation: Evaluation, states: list[PreviousState], report: _Report
) -> list[PreviousState]:
    """Without those whose previous user name another account has and does not give up (P13)."""
    accounts = evaluation.snapshot.target.accounts
    names = folded(accounts["userName"])
    sought = {one.account: _previous_name(one) for one in states if _previous_name(one)}
    among = is_in(names, sought.values())
    holders = set(zip(names[among], accounts["account"][among], strict=True))
    while True:
        renamed = {one.account: sought[one.account] for one in states if one.account in sought}
        claims = Counter([*renamed.values(), *(n for n, who in holders if who not in renamed)])
        taken = [one for one in states if claims[renamed.get(one.account, "")] > 1]
        if not taken:
            return states
        for one in taken:
            why = f"another account has the user name {one.then[USER_NAME]} now"
            report.add(CHANGED_SINCE_RUN, one.subject, why=why)
        states = [one for one in states if one not in taken]


def _previous_name(one: PreviousState) -> str:
    return str(one.then.get(USER_NAME) or "").casefold()


def _without_lockout(
    evaluation: Evaluation, states: list[PreviousState], report: _Report
) -> list[PreviousState]:
    """Without the last admins, who would lose the admin role by it (A15)."""
    admin_sets = {item.name for item in evaluation.judged.sets if item.admin}
    losing = [
        one.account
        for one in states
        if one.active_then is False
        or (one.sets_then is not None and admin_sets.isdisjoint(one.sets_then))
    ]
    accounts = evaluation.facts.accounts["account"]
    leaving = is_in(accounts, column(losing, TEXT))
    last = set(accounts[last_admins(leaving, evaluation.facts, evaluation.judged)])
    for one in states:
        if one.account in last:
            report.add(
                LEFT_AS_IS, one.subject, why=f"no active admin would be left ({LAST_ADMIN.code})"
            )
    return [one for one in states if one.account not in last]


def _served(
    states: Iterable[PreviousState], back: Inverse, report: _Report
) -> Iterator[PreviousState]:
    """The states that are restored; for the others there is no seat, which is reported."""
    for one in states:
        if products := back.without_seat.get(one.subject.id):
            name = ", ".join(one.sets_then or ())
            report.add(NO_SEAT_TO_GIVE_BACK, one.subject, set=name, products=", ".join(products))
        else:
            yield one


def _next(served: Sequence[PreviousState], people: dict[str, UserToday]) -> str:
    """In words, what the next plans will do about it."""
    again = sorted(one.subject.name for one in served if _asked_for(one, people))
    if again:
        return f"Entra ID asks for the opposite, and the next plans follow it: {named(again)}."
    return "Entra ID agrees with that." if served else "Nothing is left to take back."


def _asked_for(one: PreviousState, people: dict[str, UserToday]) -> bool:
    """Whether Entra ID still asks for what is taken back."""
    person = people.get(one.subject.id, UserToday())
    wanted = () if person.absent else person.sets
    return bool(one.then) or one.sets != wanted or one.active is not bool(wanted)


def _of_the_run(evaluation: Evaluation) -> Iterator[Finding]:
    snapshot, vendor = evaluation.snapshot, evaluation.settings.vendor
    today = evaluation.plan_context.now.date()
    yield from expiry_warnings(vendor, snapshot.directory.credential_expires, today)
    yield from interruption_findings(snapshot.memory.interruptions)
    yield from evaluation.judged.findings
    yield from evaluation.ledger.findings


def _judged(evaluation: Evaluation, operations: tuple[Operation, ...]) -> tuple[Verdict, ...]:
    """All guards but A15, which is about what the directory asks for; see `_without_lockout`."""
    verdicts = evaluate_guards(replace(evaluation, operations=operations))
    return tuple(verdict for verdict in verdicts if verdict.code != LAST_ADMIN.code)
