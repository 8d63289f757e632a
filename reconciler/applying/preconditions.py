"""Whether a plan may be applied: its approvals, basis and age, and the accounts as they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from config.policy import Policy
from reconciler.applying.approvers import SignIns, discounted, newest_of_each
from reconciler.model.approval import Approval, Use
from reconciler.model.plan import Basis, Finding, Kind, Operation, Outcome, Plan
from reconciler.situations import RUN, finding, refusal
from reconciler.situations.plans import APPROVAL_MISSING, PLAN_ALTERED, PLAN_STALE, PLAN_USED


@dataclass(frozen=True)
class Circumstances:
    """What apply finds now, of the same facts as in a plan's basis."""

    tenant_id: str
    graph: str
    vendor: str
    store_id: str
    settings: str
    tool_version: str
    now: datetime


def objections_to_plan(plan: Plan, use: Use | None, now: Circumstances) -> Iterator[Finding]:
    """Why the plan can be neither approved nor applied: it was used (P6), or is stale (P2)."""
    if use:
        yield finding(
            PLAN_USED, RUN, plan=plan.id, run=use.run_id, at=f"{use.at:%Y-%m-%d %H:%M} UTC"
        )
    for why in _staleness(plan, now):
        yield finding(PLAN_STALE, RUN, plan=plan.id, why=why)


def objections_to_approval(plan: Plan, overrides: tuple[str, ...]) -> Iterator[Finding]:
    """What this approval lacks: it must override the code of every guard that blocks the plan.

    An override of any other code is refused as well: it was meant for another plan, or is misspelt
    (P7).
    """
    for code in overrides:
        if code not in {verdict.code for verdict in plan.objections}:
            known = any(verdict.code == code for verdict in plan.verdicts)
            what = "does not object to it" if known else "is no guard of this plan"
            yield finding(APPROVAL_MISSING, RUN, plan=plan.id, why=f": {code} {what}")
    for verdict in plan.objections:
        if verdict.outcome is Outcome.REFUSED:
            yield refusal(verdict)
        elif verdict.code in missing_overrides(plan, overrides):
            why = f": guard {verdict.code} objects. {verdict.message.removesuffix('.')}"
            yield finding(APPROVAL_MISSING, RUN, plan=plan.id, why=why)


def missing_overrides(plan: Plan, overrides: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of guards that an approval has yet to override."""
    codes = (verdict.code for verdict in plan.objections if verdict.overridable)
    return tuple(code for code in codes if code not in overrides)


def objections_to_approvers(plan: Plan, approvals: SignIns, policy: Policy) -> Iterator[Finding]:
    """Approvals that would not count, because of who gives them or how (P7)."""
    if doubts := dict(discounted(plan, approvals, policy)):
        yield finding(APPROVAL_MISSING, RUN, plan=plan.id, why=_in_doubt(doubts))


def objections_to_apply(
    plan: Plan,
    approvals: SignIns,
    policy: Policy,
    use: Use | None,
    now: Circumstances,
) -> Iterator[Finding]:
    """Everything that speaks against executing exactly this plan now (P2, P5, P6, P7)."""
    yield from objections_to_plan(plan, use, now)
    yield from _objections_to_approvals(plan, approvals, policy)


def approvers(plan: Plan, approvals: SignIns, policy: Policy) -> tuple[str, ...]:
    """Who approved exactly this plan by an approval that counts, each person once."""
    doubts = dict(discounted(plan, approvals, policy))
    good = {one: signed for one, signed in approvals.items() if one not in doubts}
    return tuple(str(a.by) for a in newest_of_each(good) if a.digest == plan.digest)


def _objections_to_approvals(plan: Plan, approvals: SignIns, policy: Policy) -> Iterator[Finding]:
    doubts = dict(discounted(plan, approvals, policy))
    newest = newest_of_each({one: at for one, at in approvals.items() if one not in doubts})
    if any(approval.digest != plan.digest for approval in newest):
        yield finding(PLAN_ALTERED, RUN, plan=plan.id, why="its digest is not the approved one")
    elif not newest:
        yield finding(APPROVAL_MISSING, RUN, plan=plan.id, why=_in_doubt(doubts))
    elif len(newest) < policy.approvals:
        so_far = ", ".join(str(approval.by) for approval in newest)
        why = f" by enough people: so far by {so_far}, and policy.approvals asks for "
        why += f"{policy.approvals}{_in_doubt(doubts)}"
        yield finding(APPROVAL_MISSING, RUN, plan=plan.id, why=why)
    else:
        for approval in newest:
            yield from objections_to_approval(plan, approval.overrides)


def _in_doubt(doubts: Mapping[Approval, str]) -> str:
    """In words, which approvals do not count, and why."""
    return "".join(
        f"; the approval by {one.by} does not count: {why}" for one, why in doubts.items()
    )


def _staleness(plan: Plan, now: Circumstances) -> Iterator[str]:
    if not plan.operations and not plan.objections:
        yield "there is nothing to do in it"
    if now.now >= plan.basis.expires_at:
        yield f"it expired at {plan.basis.expires_at:%Y-%m-%d %H:%M} UTC"
    if now.now < plan.basis.planned_at:
        made, clock = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (plan.basis.planned_at, now.now))
        yield f"it was made at {made} UTC, and this machine's clock says {clock} UTC: it went back"
    for what, was, is_now in _compare(plan.basis, now):
        if was != is_now:
            yield f"{what} changed since it was made"


def _compare(basis: Basis, now: Circumstances) -> Iterator[tuple[str, str, str]]:
    yield "the tenant", basis.tenant_id, now.tenant_id
    yield "the address of Microsoft Graph", basis.graph, now.graph
    yield "the vendor's address", basis.vendor, now.vendor
    yield "the store", basis.store_id, now.store_id
    yield "the configuration", basis.settings, now.settings
    yield "the program's version", basis.tool_version, now.tool_version


@dataclass(frozen=True)
class AccountNow:
    """An account as it is at this moment; `attributes` is None if there is no account."""

    attributes: Mapping[str, str | bool | None] | None
    active: bool | None
    sets: frozenset[str]


def drifted(plan: Plan, readings: Mapping[int, AccountNow]) -> dict[int, str]:
    """Per index of an operation whose precondition no longer holds: why.

    `readings` has for each operation its account as it is before any of them; what earlier
    operations of the plan do to the account is taken into account.
    """
    states: dict[str, AccountNow] = {}
    reasons = {}
    for operation in plan.operations:
        now = states.get(operation.subject.id, readings[operation.index])
        if why := unmet(operation, now):
            reasons[operation.index] = why
        elif operation.account is not None:
            states[operation.subject.id] = _after(operation, now)
    return reasons


def unmet(operation: Operation, reading: AccountNow) -> str:
    """Why the operation's precondition does not hold, or "". A set's group has none."""
    before = operation.before
    if before.exists is False:
        return "the account exists already" if reading.attributes is not None else ""
    if operation.account is None:
        return ""  # created by this plan
    if reading.attributes is None:
        return "the account is gone"
    if before.active is not None and reading.active is not None and reading.active != before.active:
        return f"active is {reading.active}"
    if before.sets is not None and set(before.sets) != reading.sets:
        return f"the account is in {_listed(reading.sets)}, not in {_listed(before.sets)}"
    for path, value in (before.attributes or {}).items():
        if reading.attributes.get(path) != value:
            return f"{path} has changed"
    return ""


def _after(operation: Operation, now: AccountNow) -> AccountNow:
    after = operation.after
    return AccountNow(
        {**(now.attributes or {}), **(after.attributes or {})},
        now.active if after.active is None else after.active,
        now.sets if after.sets is None else frozenset(after.sets),
    )


def drift_holds_everything(operation: Operation) -> bool:
    """Whether a change of its account stops the whole plan: something would be taken away."""
    return operation.kind in {Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT}


def _listed(sets: object) -> str:
    return ", ".join(f'"{name}"' for name in sorted(sets)) or "no set"  # type: ignore[call-overload]
