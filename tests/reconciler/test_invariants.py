"""What holds for every plan, whatever directory, vendor and store look like.

The numbers are those of the invariants of seats: see docs/invariants.md. Each example is a company
by chance, and all invariants about one plan are asserted of each; those that compare two plans
have tests of their own.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reconciler.applying.plan_staleness import Drift, drift
from reconciler.applying.preconditions import drifted, objections_to_approval
from reconciler.decisions.classify import decide
from reconciler.decisions.left_unchanged import exempt, reason_to_take_nothing
from reconciler.facts.build import collect_facts
from reconciler.facts.recheck_candidates import gaining_users
from reconciler.facts.scoping_filters import memberships_in_scope
from reconciler.facts.set_bindings import judge_sets
from reconciler.model.plan import Kind, Operation, Outcome, Plan, parse
from reconciler.model.snapshot import PlanContext, Snapshot, in_order
from reconciler.reconcile import reconcile
from reconciler.situations import SITUATIONS
from reconciler.situations.situation import Default, Effect
from support.worlds.random_worlds import ELSEWHERE, GROUP_FAULTS, NAMES, PROTECTED, SETS, worlds
from support.worlds.world import NOW, World, guid

TAKING = {Kind.REVOKE, Kind.MOVE, Kind.DEACTIVATE_ACCOUNT}


def i05_a_frozen_scope_has_no_operation(world: World, plan: Plan) -> None:
    frozen = {f.subject.id for f in plan.findings if SITUATIONS[f.code].default is Default.FREEZE}
    frozen -= {f.subject.id for f in plan.findings if f.code == "G9" and not _paused(world)}
    for operation in plan.operations:
        assert operation.subject.id not in frozen
        assert not frozen & {*operation.gained, *operation.lost}


def i06_unmanaged_and_protected_accounts_are_in_no_operation(world: World, plan: Plan) -> None:
    untouchable = {guid(PROTECTED)}
    for name in (world.vendor["operator"], *world.policy["protected"]):
        untouchable |= {
            key for key, row in world.people.items() if row["userPrincipalName"] == name
        }
        untouchable |= {a["externalId"] for a in world.accounts.values() if a["userName"] == name}
    linked = {key for key, account in world.accounts.items() if account["externalId"]}
    orphans = {f.subject.id for f in plan.findings if f.code == "A10"}
    for operation in plan.operations:
        assert operation.subject.id not in untouchable
        assert operation.account not in orphans
        if operation.kind is Kind.LINK:
            linked.add(str(operation.account))
        elif operation.kind in TAKING:
            assert operation.account in linked


def i10_nobody_loses_a_seat_for_somebody_else(world: World, plan: Plan) -> None:
    for operation in plan.operations:
        if operation.kind is Kind.REVOKE and operation.reason not in {"A14", "U2"}:
            person = world.people[operation.subject.id]
            wants = [s for s, member, _ in world.members if member == person["id"]]
            out = person["presence"] in {"deleted", "gone"} or person["accountEnabled"] is False
            assert out or not wants


def i11_whoever_has_what_she_should_has_no_operation(world: World, plan: Plan) -> None:
    touched = {operation.subject.id for operation in plan.operations}
    for name in NAMES:
        held = [s for s, account in world.holdings if account == f"acc-{name}"]
        wanted = [s for s, member, _ in world.members if member == guid(name)]
        person, account = world.people.get(guid(name)), world.accounts.get(f"acc-{name}")
        if person and account and held == wanted and len(wanted) == 1:
            exact = {
                "accountEnabled": True,
                "presence": "present",
                "mail": f"{name}@example.org",
                "surname": "Example",
                "userPrincipalName": f"{name}@example.org",
            }
            as_made = account["userName"] == f"{name}@example.org" and account["active"]
            if as_made and account["externalId"] == guid(name) and exact.items() <= person.items():
                assert guid(name) not in touched


def i12_every_wish_that_is_not_granted_has_exactly_one_code(world: World, plan: Plan) -> None:
    snapshot, settings = in_order(world.snapshot()), world.settings()
    judged = judge_sets(settings, snapshot)
    facts = collect_facts(settings, snapshot, judged, PlanContext("", NOW, ""))
    sparing = reason_to_take_nothing(snapshot.memory, plan.grants_only)
    decisions = exempt(decide(facts.people), facts, judged, sparing)
    waiting = Counter(entry.user.id for entry in plan.waiting)
    gaining = {o.subject.id for o in plan.operations if o.gained}
    people, user, account = facts.people, decisions.user, decisions.account
    for at, person in enumerate(people.entra["id"]):
        effect = decisions.effect[at]
        codes = [decisions.exempted[at]] if decisions.exempted[at] else []
        if not codes and effect == Effect.KEEP:
            codes = [user.code[at] if user.effect[at] == Effect.KEEP else account.code[at]]
        if not codes and effect == Effect.DEPROVISION:
            codes = [user.code[at]]
        codes += [entry.code for entry in plan.waiting if entry.user.id == person]
        settled = people.wanted[at] < 0 or people.held[at] == people.wanted[at]
        if not settled and person not in gaining:
            assert len(codes) == 1
            assert codes[0] in SITUATIONS
        assert waiting[person] <= 1
        assert account.code[at] in SITUATIONS


def i13_what_was_held_and_what_is_done_make_what_will_be_held(world: World, plan: Plan) -> None:
    assert {line.product: line.used_before for line in plan.seats} == world.used()
    for line in plan.seats:
        frees = sum(o.frees.count(line.product) for o in plan.operations)
        takes = sum(o.takes.count(line.product) for o in plan.operations)
        assert (line.frees, line.takes) == (frees, takes)
        assert line.used_after == line.used_before - frees + takes


def i14_a_move_between_sets_of_equal_products_changes_no_count(world: World, plan: Plan) -> None:
    for operation in plan.operations:
        if operation.kind is Kind.MOVE:
            lost = {p for name in operation.lost for p in SETS.get(name, ["Sales"])}
            gained = {p for name in operation.gained for p in SETS[name]}
            if lost == gained:
                assert operation.takes == operation.frees == ()


def i15_a_rename_keeps_account_and_seat(world: World, plan: Plan) -> None:
    for operation in plan.operations:
        if operation.kind in {Kind.UPDATE_ACCOUNT, Kind.LINK}:
            assert operation.account in world.accounts
            assert operation.takes == operation.frees == ()


def i18_at_most_one_account_is_made_for_a_person(world: World, plan: Plan) -> None:
    created = [o.subject.id for o in plan.operations if o.kind is Kind.CREATE_ACCOUNT]
    assert len(created) == len(set(created))
    assert not {account["externalId"] for account in world.accounts.values()} & set(created)


def i24_what_a_guard_blocks_is_not_approved_without_its_code(world: World, plan: Plan) -> None:
    blocked = {v.code for v in plan.objections if v.outcome in {Outcome.BLOCKED, Outcome.REFUSED}}
    assert bool(list(objections_to_approval(plan, ()))) == bool(blocked)
    assert list(objections_to_approval(plan, tuple(blocked))) == []


def i27_a_plan_just_made_has_no_drift_and_a_changed_account_no_write(
    world: World, plan: Plan
) -> None:
    readings = world.readings(plan)
    assert drifted(plan, readings) == {}
    for operation in plan.operations:
        if operation.account and operation.before.sets is not None:
            now = readings[operation.index]
            moved = replace(now, sets=now.sets ^ {"Sales Team"})
            assert operation.index in drifted(plan, readings | {operation.index: moved}) or any(
                other.subject == operation.subject and other.index < operation.index
                for other in plan.operations
            )


def i28_the_counts_of_the_plan_agree(world: World, plan: Plan) -> None:
    assert [o.index for o in plan.operations] == list(range(len(plan.operations)))
    for line in plan.seats:
        assert line.waiting == sum(line.product in entry.blocked_by for entry in plan.waiting)
    assert [entry.position for entry in plan.waiting] == list(range(1, len(plan.waiting) + 1))


def i33_a_plan_survives_its_canonical_form(world: World, plan: Plan) -> None:
    assert parse(plan.canonical) == plan


OF_ONE_PLAN: tuple[Callable[[World, Plan], None], ...] = (
    i05_a_frozen_scope_has_no_operation,
    i06_unmanaged_and_protected_accounts_are_in_no_operation,
    i10_nobody_loses_a_seat_for_somebody_else,
    i11_whoever_has_what_she_should_has_no_operation,
    i12_every_wish_that_is_not_granted_has_exactly_one_code,
    i13_what_was_held_and_what_is_done_make_what_will_be_held,
    i14_a_move_between_sets_of_equal_products_changes_no_count,
    i15_a_rename_keeps_account_and_seat,
    i18_at_most_one_account_is_made_for_a_person,
    i24_what_a_guard_blocks_is_not_approved_without_its_code,
    i27_a_plan_just_made_has_no_drift_and_a_changed_account_no_write,
    i28_the_counts_of_the_plan_agree,
    i33_a_plan_survives_its_canonical_form,
)


@given(worlds(), st.booleans())
def test_every_invariant_of_one_plan(world: World, grants_only: bool) -> None:
    plan = world.plan(grants_only=grants_only)
    for invariant in OF_ONE_PLAN:
        invariant(world, plan)


@given(worlds())
def test_i01_i02_i03_i16_i17_carried_out_it_leaves_nothing_to_do_and_harms_nobody(
    world: World,
) -> None:
    """The vendor of these worlds refuses whatever exceeds the seats or its one-set rule (i03)."""
    before = deepcopy(world)
    plan = world.plan()
    admins_at_first = world.active_admins()

    def watch() -> None:
        assert world.active_admins() or not admins_at_first  # i17

    world.apply(plan, watch=watch)
    movers = {o.subject.id for o in plan.operations if o.reason == "U2"}
    for person in movers:
        assert world.held_by(person) or not before.held_by(person)  # i16
    again = world.plan()
    if "A15" in {verdict.code for verdict in plan.objections}:  # a successor is there now
        world.apply(again)
        again = world.plan()
    assert again.operations == ()  # i01, i02
    assert [entry.user for entry in again.waiting] == [entry.user for entry in plan.waiting] or (
        "A15" in {verdict.code for verdict in plan.objections}
    )  # i22


@given(worlds(), st.integers(0, 40))
def test_i20_a_run_that_dies_anywhere_is_made_good_by_the_next(world: World, dies: int) -> None:
    whole = deepcopy(world)
    plan = world.plan()
    whole.apply(plan)
    world.apply(plan, until=dies % (len(plan.operations) + 1))
    world.apply(world.plan())
    if "A15" in {verdict.code for verdict in plan.objections}:  # a successor is there now
        whole.apply(whole.plan())
        world.apply(world.plan())
    assert sorted(world.seats_held()) == sorted(whole.seats_held())
    assert world.plan().operations == ()


def losses(plan: Plan) -> Counter[tuple[str, str]]:
    """Who loses which set; a split move gives one back only in order to take another one."""
    return Counter(
        (o.subject.id, name)
        for o in plan.operations
        if o.kind is Kind.REVOKE and o.reason != "U2"
        for name in o.lost
    )


@given(worlds(), st.sampled_from(sorted(SETS)), st.sampled_from(GROUP_FAULTS), st.data())
def test_i04_i25_a_fault_adds_no_revoke_and_none_in_its_scope(
    world: World, broken: str, fault: dict[str, object], data: st.DataObject
) -> None:
    world.reads = {}
    whole = losses(world.plan())
    world.reads = {broken: fault}
    unread = {guid(name) for name in data.draw(st.sets(st.sampled_from(NAMES)))}
    world.members = [m for m in world.members if m[0] != broken or m[1] not in unread]
    partial = losses(world.plan())
    assert partial <= whole
    assert all(name != broken for _, name in partial)


@given(worlds(), st.sampled_from(sorted(SETS)), st.sampled_from(GROUP_FAULTS[:2]), st.data())
def test_i38_a_fault_gives_nothing_to_whom_the_full_read_finds_in_two_sets(
    world: World, broken: str, fault: dict[str, object], data: st.DataObject
) -> None:
    """Whoever is in line is asked whether the group that was not read has them, too."""
    world.reads = {}
    both = {f.subject.id for f in world.plan().findings if f.code == "U1"}
    whole = list(world.members)
    world.reads = {broken: fault}
    unread = {guid(name) for name in data.draw(st.sets(st.sampled_from(NAMES)))}
    world.members = [m for m in whole if m[0] != broken or m[1] not in unread]
    partial = world.snapshot()
    asked = gaining_users(partial.directory, partial.target)
    world.members = [m for m in whole if m in world.members or m[1] in asked]
    given_ = {o.subject.id for o in world.plan().operations if o.gained or o.after.active}
    assert not given_ & both


@given(worlds(), st.integers(0, 2**32 - 1))
def test_i07_the_order_of_rows_changes_no_byte(world: World, seed: int) -> None:
    def shuffled(snapshot: Snapshot) -> Snapshot:
        def mixed(frame):  # type: ignore[no-untyped-def]
            return frame.sample(frac=1, random_state=seed, ignore_index=True)

        directory, target, memory = snapshot.directory, snapshot.target, snapshot.memory
        return replace(
            snapshot,
            directory=replace(
                directory,
                members=mixed(directory.members),
                people=mixed(directory.people),
                reads=directory.reads[::-1],
            ),
            target=replace(
                target, accounts=mixed(target.accounts), holdings=mixed(target.holdings)
            ),
            memory=replace(memory, links=mixed(memory.links), waits=mixed(memory.waits)),
        )

    plan_context = PlanContext("8f2c41d7", NOW, "0.1.0")
    again = reconcile(world.settings(), shuffled(world.snapshot()), plan_context)
    assert again.canonical == world.plan().canonical


@given(worlds(), st.sampled_from(["Sales", "Marketing"]))
def test_i10_i26_neither_more_seats_nor_fewer_revoke_anything(world: World, product: str) -> None:
    before = losses(world.plan())
    world.seats[product] += 1
    assert losses(world.plan()) == before
    world.seats[product] = 0
    assert losses(world.plan()) == before


@given(worlds())
def test_i30_a_stranger_changes_nothing_for_the_others_while_seats_suffice(world: World) -> None:
    world.seats = {"Sales": 100, "Marketing": 100}
    before = [alone(operation) for operation in world.plan().operations]
    stranger = world.person("stranger", "Marketing Team")
    after = [
        alone(operation)
        for operation in world.plan().operations
        if operation.subject.id != stranger and operation.subject.kind == "user"
    ]
    assert after == [operation for operation in before if operation.subject.kind == "user"]


def alone(operation: Operation) -> Operation:
    """Wherever it stands in its plan."""
    return structs.replace(operation, index=0, needs=())


@given(worlds())
def test_i31_whoever_looks_twice_sees_the_same(world: World) -> None:
    """A dry run and a real one make the same bytes, and a dry run moves nobody in the queue."""
    first = world.plan()
    assert world.plan().canonical == first.canonical
    world.keep(first)
    second = world.plan()
    assert [o.subject for o in second.operations] == [o.subject for o in first.operations]
    assert [e.user for e in second.waiting] == [e.user for e in first.waiting]


@given(worlds())
def test_i32_a_store_that_was_lost_is_rebuilt_with_the_same_links(world: World) -> None:
    world.links = {}
    world.apply(world.plan())
    world.links |= world.knowledge().links
    directory = world.snapshot().directory
    in_scope = memberships_in_scope(world.settings(), directory)
    members = {*directory.members["id"][in_scope]}
    holders = {account for name, account in world.holdings if world.known(name)}
    kept = {p: a for p, a in world.links.items() if p in members or a in holders}
    world.links = {}
    assert world.knowledge().links == kept


@given(worlds())
def test_i36_who_is_in_a_group_that_is_no_set_and_left_all_others_keeps_account_and_group(
    world: World,
) -> None:
    world.reads = {}  # what hides somebody would keep them, too
    world.links = {guid(name): f"acc-{name}" for name in NAMES if f"acc-{name}" in world.accounts}
    elsewhere = [(name, account) for name, account in world.holdings if name == ELSEWHERE]
    members = {person for _, person, _ in world.members}
    kept = {
        account
        for _, account in elsewhere
        if (person := world.people.get(world.accounts[account]["externalId"]))
        and person["id"] not in members
        and person["presence"] not in {"deleted", "gone"}
        and person["accountEnabled"] is not False
    }
    plan = world.plan()
    for operation in plan.operations:
        assert ELSEWHERE not in {*operation.gained, *operation.lost}
        assert operation.kind is not Kind.DEACTIVATE_ACCOUNT or operation.account not in kept
    world.apply(plan)
    assert [row for row in world.holdings if row[0] == ELSEWHERE] == elsewhere


@given(worlds())
def test_i37_a_store_that_knows_nothing_takes_nothing(world: World) -> None:
    world.lose_the_store()
    plan = world.plan()
    for operation in plan.operations:
        assert operation.kind not in {Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT}
        assert not operation.frees


def _paused(world: World) -> bool:
    return any("exact" in read and len(read["exact"]) == 1 for read in world.reads.values())


@given(worlds(), st.booleans())
def test_i41_whatever_is_planned_apply_is_able_to_do(world: World, grants_only: bool) -> None:
    plan = world.plan(grants_only=grants_only)
    world.keep(plan)
    plan_context = PlanContext(plan.id, NOW, "0.1.0", grants_only)
    assert drift(world.settings(), plan, world.snapshot(), plan_context) == Drift()


@given(worlds(), st.sets(st.sampled_from(NAMES)), st.integers(0, 14))
def test_i40_within_a_grace_nobody_loses_for_having_left_and_after_it_all_is_as_without(
    world: World, known: set[str], days: int
) -> None:
    bare = world.plan().operations
    world.policy |= {"leave_grace": "7d"}
    world.leavers = {guid(name): NOW - timedelta(days=days) for name in known}
    for operation in world.plan().operations:
        if operation.lost and operation.reason == "U3":
            assert days >= 7
            assert operation.subject.id in world.leavers
    world.leavers = {guid(name): NOW - timedelta(days=7) for name in NAMES}
    assert world.plan().operations == bare
