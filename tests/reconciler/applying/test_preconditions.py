"""What must hold before anything of a plan is sent."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from msgspec import structs

from config.policy import Policy
from reconciler.applying.preconditions import (
    AccountNow,
    Circumstances,
    approvers,
    drift_holds_everything,
    drifted,
    missing_overrides,
    objections_to_apply,
    objections_to_approval,
    objections_to_approvers,
    objections_to_plan,
    unmet,
)
from reconciler.model.approval import Approval, Identity, Use
from reconciler.model.plan import Operation, Plan, Severity, State, Subject
from reconciler.situations import RUN
from support.worlds.world import NOW, World, guid


def a_plan(**vendor: object) -> Plan:
    world = World(vendor=vendor, policy={"max_revokes": 0, "max_revoke_percent": 0})
    world.account("ana", "Sales Team")
    world.person("ana")
    world.settled("bob", "Sales Team")
    return world.plan()


PLAN = a_plan()
APPROVAL = Approval(PLAN.id, PLAN.digest, Identity("bob", "h"), "meant", NOW, ("R9",))
BASIS = ("tenant_id", "graph", "vendor", "store_id", "settings", "tool_version")
NOW_AS_THEN = Circumstances(**{name: getattr(PLAN.basis, name) for name in BASIS}, now=NOW)


def told(
    *approvals: Approval,
    needed: int = 1,
    use: Use | None = None,
    now: Circumstances = NOW_AS_THEN,
) -> list[str]:
    """What is objected, without what is the same of all: the plan, and that nothing was sent."""
    given, policy = dict.fromkeys(approvals), Policy(approvals=needed)
    messages = [found.message for found in objections_to_apply(PLAN, given, policy, use, now)]
    assert all(f"Plan {PLAN.id} " in text and "Nothing was sent." in text for text in messages)
    return [
        text.removeprefix(f"Plan {PLAN.id} ").removesuffix(". Nothing was sent.")
        for text in messages
    ]


def codes(
    *approvals: Approval,
    needed: int = 1,
    use: Use | None = None,
    now: Circumstances = NOW_AS_THEN,
) -> list[str]:
    given, policy = dict.fromkeys(approvals), Policy(approvals=needed)
    return [found.code for found in objections_to_apply(PLAN, given, policy, use, now)]


def test_an_approved_plan_of_today_may_be_applied() -> None:
    assert codes(APPROVAL) == []


def test_p7_without_an_approval_it_may_not() -> None:
    assert codes() == ["P7"]
    assert told() == ["is not approved"]


def test_p7_an_approval_that_overrides_too_little_is_none() -> None:
    assert codes(replace(APPROVAL, overrides=())) == ["P7"]
    (why,) = told(replace(APPROVAL, overrides=()))
    assert why.startswith("is not approved: guard R9 objects. Too much would be taken away at once")
    assert ".." not in why


def test_p5_an_approval_of_another_digest_is_none() -> None:
    assert codes(replace(APPROVAL, digest=a_plan(name="Other").digest + "0")) == ["P5"]
    assert told(replace(APPROVAL, digest="sha256:0")) == [
        "is not what was written or approved: its digest is not the approved one"
    ]


OF_ANA = replace(APPROVAL, by=Identity("ana", "h"))


def test_p7_where_two_are_asked_for_one_is_not_enough() -> None:
    assert told(APPROVAL, needed=2) == [
        "is not approved by enough people: so far by bob on h, and policy.approvals asks for 2"
    ]
    assert codes(APPROVAL, OF_ANA, needed=2) == []


def test_p7_both_must_override_the_guard() -> None:
    assert codes(APPROVAL, replace(OF_ANA, overrides=()), needed=2) == ["P7"]


def test_p5_both_must_have_seen_the_same_plan() -> None:
    of_another = replace(OF_ANA, digest="sha256:0")
    assert codes(APPROVAL, of_another, needed=2) == ["P5"]
    given = dict.fromkeys([APPROVAL, of_another])
    assert approvers(PLAN, given, Policy()) == ("bob on h",)


def test_of_each_person_the_newest_approval_counts() -> None:
    assert codes(replace(APPROVAL, overrides=()), APPROVAL) == []


def test_p7_an_approval_that_would_not_count_is_refused_when_it_is_given() -> None:
    policy = Policy(approvers=["ana"])
    (found,) = objections_to_approvers(PLAN, {APPROVAL: None}, policy)
    assert (found.code, found.subject) == ("P7", RUN)
    assert found.message == (
        f"Plan {PLAN.id} is not approved; the approval by bob on h does not count: "
        "policy.approvers does not list who gave it. Nothing was sent."
    )
    assert not [*objections_to_approvers(PLAN, {OF_ANA: None}, policy)]


def test_p7_every_approval_that_does_not_count_is_told_with_its_reason() -> None:
    unattended = replace(APPROVAL, by=Identity("policy.auto_apply", "h"))
    given, policy = {APPROVAL: None, unattended: None}, Policy(approvers=["ana"], auto_apply=True)
    (found,) = objections_to_apply(PLAN, given, policy, None, NOW_AS_THEN)
    assert found.message == (
        f"Plan {PLAN.id} is not approved; the approval by bob on h does not count: "
        "policy.approvers does not list who gave it; the approval by policy.auto_apply on h does "
        "not count: a person has to look at it. Nothing was sent."
    )


def test_p6_a_plan_is_used_once() -> None:
    assert codes(APPROVAL, use=Use("run1", NOW)) == ["P6"]
    assert told(APPROVAL, use=Use("run1", NOW)) == [
        "was already used by run run1 at 2026-11-24 03:00 UTC"
    ]


def test_p2_a_plan_expires() -> None:
    almost = NOW + timedelta(hours=24, seconds=-1)
    assert codes(APPROVAL, now=replace(NOW_AS_THEN, now=almost)) == []
    late = replace(NOW_AS_THEN, now=NOW + timedelta(hours=24))
    assert codes(APPROVAL, now=late) == ["P2"]
    assert told(APPROVAL, now=late) == ["cannot be applied: it expired at 2026-11-25 03:00 UTC"]


def test_p2_a_plan_is_not_applied_before_it_was_made() -> None:
    early = replace(NOW_AS_THEN, now=NOW - timedelta(seconds=1))
    assert told(APPROVAL, now=early) == [
        "cannot be applied: it was made at 2026-11-24 03:00:00 UTC, and this machine's clock says "
        "2026-11-24 02:59:59 UTC: it went back"
    ]


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("tenant_id", "the tenant"),
        ("graph", "the address of Microsoft Graph"),
        ("vendor", "the vendor's address"),
        ("store_id", "the store"),
        ("settings", "the configuration"),
        ("tool_version", "the program's version"),
    ],
)
def test_p2_a_plan_is_bound_to_its_basis(what: str, name: str) -> None:
    now = replace(NOW_AS_THEN, **{what: "another"})
    assert codes(APPROVAL, now=now) == ["P2"]
    assert told(APPROVAL, now=now) == [f"cannot be applied: {name} changed since it was made"]


def test_an_override_must_name_the_guard() -> None:
    assert [found.code for found in objections_to_approval(PLAN, ())] == ["P7"]
    assert missing_overrides(PLAN, ()) == ("R9",)
    assert list(objections_to_approval(PLAN, ("R9",))) == []


@pytest.mark.parametrize(
    ("code", "why"),
    [("R99", "R99 is no guard of this plan"), ("R10", "R10 does not object to it")],
)
def test_an_override_that_overrides_nothing_is_a_mistake(code: str, why: str) -> None:
    (found,) = objections_to_approval(PLAN, ("R9", code))
    assert found.code == "P7"
    assert found.message == f"Plan {PLAN.id} is not approved: {why}. Nothing was sent."
    assert missing_overrides(PLAN, ("R9", code)) == ()


@pytest.mark.parametrize(
    ("plan", "use", "now", "code", "why"),
    [
        (PLAN, Use("run1", NOW), NOW, "P6", "was already used by run run1"),
        (PLAN, None, NOW + timedelta(hours=24), "P2", "it expired at"),
        (PLAN, None, NOW - timedelta(hours=1), "P2", "it was made at"),
        (World().plan(), None, NOW, "P2", "there is nothing to do in it"),
    ],
)
def test_what_can_not_be_applied_by_anybody_is_not_approved(
    plan: Plan, use: Use | None, now: datetime, code: str, why: str
) -> None:
    basis = {name: getattr(plan.basis, name) for name in BASIS}
    (found,) = objections_to_plan(plan, use, Circumstances(**basis, now=now))
    assert found.code == code
    assert f" {why}" in found.message


def test_a_plan_that_a_guard_holds_is_approved_even_if_it_does_nothing() -> None:
    """An export's size is taken for the new one by that (R20)."""
    held = structs.replace(World().plan(), verdicts=PLAN.verdicts)
    basis = {name: getattr(held.basis, name) for name in BASIS}
    assert list(objections_to_plan(held, None, Circumstances(**basis, now=NOW))) == []


def test_what_a_guard_objects_to_is_the_run_and_its_advice_is_kept() -> None:
    world = World(vendor={"managed_through_idp": False})
    (objection,) = objections_to_approval(world.plan(), ())
    (verdict,) = world.plan().objections
    assert (objection.subject, objection.severity) == (RUN, Severity.BLOCK)
    assert (objection.message, objection.advice) == (verdict.message, verdict.advice)
    assert objection.advice


def test_what_is_held_needs_no_override_but_a_person() -> None:
    world = World(links={guid("ana"): "acc-ana"})
    world.person("ana", "Sales Team")
    plan = world.plan()
    assert [verdict.code for verdict in plan.objections] == ["A12"]
    assert list(objections_to_approval(plan, ())) == []


def test_some_guards_cannot_be_overridden() -> None:
    plan = a_plan(managed_through_idp=False)
    found = objections_to_approval(plan, ("R9", "T5"))
    assert [objection.code for objection in found] == ["T5"]


def test_p3_what_the_plan_itself_does_first_is_no_drift() -> None:
    world = World(sets={"A set": ["Sales"], "B set": ["Talent"]}, seats={"Sales": 1, "Talent": 1})
    for name, held, wanted in (("ana", "A set", "B set"), ("bob", "B set", "A set")):
        world.account(name, held)
        world.person(name, wanted)
    world.account("cyd", "A set", "B set")
    world.person("cyd")
    world.seats = {"Sales": 2, "Talent": 2}
    plan = world.plan()
    readings = world.readings(plan)
    assert len({o.subject.id for o in plan.operations}) < len(plan.operations)
    assert drifted(plan, readings) == {}

    readings = {o.index: AccountNow({}, True, frozenset()) for o in plan.operations}
    assert set(drifted(plan, readings)) == {o.index for o in plan.operations if o.before.sets}


def test_p3_one_operation_of_an_account_leaves_it_as_the_next_one_needs_it() -> None:
    def step(at: int, before: State, after: State) -> Operation:
        return structs.replace(operation(before, after), index=at)

    steps = (
        step(0, State(attributes={"userName": "old"}), State(attributes={"userName": "new"})),
        step(1, State(active=False), State(active=True)),
        step(2, State(attributes={"userName": "new"}), State(attributes={"userName": "x"})),
        step(3, State(sets=()), State(sets=("B",))),
        step(4, State(active=True), State(active=False)),
        step(5, State(sets=("B",)), State(sets=())),
    )
    plan = structs.replace(PLAN, operations=steps)
    assert drifted(plan, dict.fromkeys(range(6), reading(active=False))) == {}
    assert drifted(plan, dict.fromkeys(range(6), reading("B", active=False))) == {
        3: 'the account is in "B", not in no set'
    }
    assert drifted(plan, dict.fromkeys(range(6), reading())) == {1: "active is True"}


def operation(before: State, after: State, account: str | None = "a1") -> Operation:
    subject = Subject(kind="user", id="u1", name="ana")
    return Operation(
        index=0, subject=subject, account=account, before=before, after=after, reason="S1"
    )


GRANT = operation(State(sets=()), State(sets=("B",)))
REVOKE = operation(State(sets=("A",)), State(sets=()))
DEACTIVATE = operation(State(active=True), State(active=False))
RENAME = operation(State(attributes={"userName": "old"}), State(attributes={"userName": "new"}))
CREATE = operation(State(exists=False), State(exists=True, attributes={}), account=None)


def test_only_who_takes_something_must_know_what_she_takes_it_from() -> None:
    holds = [drift_holds_everything(one) for one in (REVOKE, DEACTIVATE, GRANT, RENAME, CREATE)]
    assert holds == [True, True, False, False, False]


def reading(*sets: str, active: bool = True, user_name: str = "old") -> AccountNow:
    return AccountNow({"userName": user_name}, active, frozenset(sets))


@pytest.mark.parametrize(
    ("planned", "now"),
    [
        (GRANT, reading()),
        (REVOKE, reading("A")),
        (DEACTIVATE, reading("A")),
        (RENAME, reading()),
        (CREATE, AccountNow(None, None, frozenset())),
        (
            operation(State(sets=()), State(sets=("B",)), account=None),
            AccountNow(None, None, frozenset()),
        ),
    ],
)
def test_a_precondition_that_holds(planned: Operation, now: AccountNow) -> None:
    assert unmet(planned, now) == ""


@pytest.mark.parametrize(
    ("planned", "now", "why"),
    [
        (GRANT, reading("D", "C"), 'the account is in "C", "D", not in no set'),
        (REVOKE, reading(), 'the account is in no set, not in "A"'),
        (REVOKE, AccountNow(None, None, frozenset()), "the account is gone"),
        (DEACTIVATE, reading(active=False), "active is False"),
        (RENAME, reading(user_name="third"), "userName has changed"),
        (CREATE, reading(), "the account exists already"),
    ],
)
def test_a_precondition_that_does_not(planned: Operation, now: AccountNow, why: str) -> None:
    assert unmet(planned, now) == why
