"""Several hands, any order of ending, any failures: the plan's order holds where it matters."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from reconciler.applying.error_budget import ErrorBudget
from reconciler.applying.startable_operations import (
    LARGEST_BATCH,
    WORTH_A_REQUEST,
    Batch,
    Dispatcher,
)
from reconciler.model.plan import Kind, Operation, Plan
from support.worlds.world import World, guid


def busy_plan() -> Plan:
    """Joiners, a leaver, a swap at full seats, renames, and an account that is nobody's."""
    world = World(
        sets={"Sales": ["S"], "Marketing": ["M"], "Both": ["S", "M"], "Talent": ["T"]},
        seats={"S": 8, "M": 2, "T": 1},
    )
    for name, held, wanted in (
        ("leaver", "Sales", None),
        ("ana", "Talent", "Marketing"),
        ("bob", "Marketing", "Talent"),
        ("cyd", "Sales", "Both"),
        ("dan", "Marketing", "Marketing"),
    ):
        world.account(name, held)
        world.person(name, *([wanted] if wanted else []))
    for name in ("eve", "fay"):
        world.account(name, "Sales", userName=f"{name}.maiden@example.org")
        world.person(name, "Sales")
    world.account("gus", "Sales", externalId=None)
    world.person("gus", "Sales")
    world.account("hal", "Sales", active=False)
    world.person("hal", "Sales")
    for at in range(4):
        world.person(f"new{at}", "Sales")
    return world.plan()


PLAN = busy_plan()


def renames(operation: Operation) -> bool:
    is_update = operation.kind is Kind.UPDATE_ACCOUNT
    return is_update and "userName" in (operation.after.attributes or {})


def test_the_plan_has_all_that_can_be_in_the_way_of_one_another() -> None:
    assert {operation.kind for operation in PLAN.operations} == {*Kind} - {Kind.CREATE_SET_GROUP}
    assert sum(operation.reason == "U2" for operation in PLAN.operations) == 3


@given(st.randoms(use_true_random=False), st.sets(st.integers(0, len(PLAN.operations) - 1)))
def test_every_operation_gets_one_turn_in_an_order_that_is_safe(
    random: object, fails: set[int]
) -> None:
    turns = Dispatcher(PLAN, lambda _: "")
    free = {line.product: (line.purchased or 0) - line.used_before for line in PLAN.seats}
    running: list[Operation] = []
    results: dict[int, bool] = {}
    while True:
        while turn := turns.next():
            busy = {name for other in running for name in other.touched}
            for operation in turn.operations:
                assert set(operation.needs) <= results.keys()
                if turn.obstacle:
                    results[operation.index] = False
                    continue
                assert all(results[need] for need in operation.needs)
                assert busy.isdisjoint(operation.touched)
                assert not (renames(operation) and any(map(renames, running)))
                for product in operation.takes:
                    free[product] -= 1
                running.append(operation)
            assert min(free.values()) >= 0
            assert len(turn.operations) <= LARGEST_BATCH
        if not running:
            break
        ended = running.pop(random.randrange(len(running)))  # type: ignore[attr-defined]
        done = results[ended.index] = ended.index not in fails
        for product in ended.frees if done else ended.takes:
            free[product] += 1
        turns.end(ended, done=done)
    assert results.keys() == {operation.index for operation in PLAN.operations}
    if not fails:
        assert all(results.values())


def test_alike_changes_of_one_group_are_done_together() -> None:
    world = World()
    for name in ("ana", "bob", "cyd"):
        world.account(name, "Sales Team")
        world.person(name)
    turn = Dispatcher(world.plan(), lambda _: "").next()
    assert turn
    assert [str(operation.kind) for operation in turn.operations] == ["revoke"] * 3


def test_what_is_taken_comes_before_what_is_renamed_and_that_before_what_is_given() -> None:
    """Though none of them needs another one, and each has a hand of its own."""
    world = World(seats={"Sales": 99})
    world.account("leaver", "Sales Team")
    world.person("leaver")
    world.account("ana", "Sales Team", **{"name.familyName": "Maiden"})
    world.person("ana", "Sales Team")
    world.person("new", "Sales Team")
    turns = Dispatcher(world.plan(), lambda _: "")
    waves = []
    while turn := turns.next():
        waves.append([str(operation.kind) for operation in turn.operations])
        assert turns.next() is None
        turns.end(turn.operations[0], done=True)
    assert waves == [
        ["revoke"],
        ["deactivate_account"],
        ["update_account"],
        ["create_account"],
        ["grant"],
    ]


def test_who_may_join_waits_for_others_who_soon_may() -> None:
    """So that they join by one request; but not for more than make one worth it."""
    world = World(seats={"Sales": 99})
    people = 2 * WORTH_A_REQUEST
    for at in range(people):
        world.person(f"new{at:02}", "Sales Team")
    turns = Dispatcher(world.plan(), lambda _: "")
    creations: list[Operation] = []
    while turn := turns.next():
        (creation,) = turn.operations  # a request each
        creations.append(creation)
    assert len(creations) == people
    joining = []
    for creation in creations:
        turns.end(creation, done=True)
        if turn := turns.next():
            joining.append(len(turn.operations))
            for grant in turn.operations:
                turns.end(grant, done=True)
    assert joining == [WORTH_A_REQUEST, WORTH_A_REQUEST]


def test_a_grant_waits_for_the_seat_that_another_group_frees() -> None:
    world = World(
        sets={"Sales": ["S"], "More Sales": ["S"], "Marketing": ["M"]}, seats={"S": 1, "M": 1}
    )
    world.account("ana", "Sales")
    world.person("ana", "Marketing")
    world.account("bob")
    world.person("bob", "More Sales")
    turns = Dispatcher(world.plan(), lambda _: "")
    move = turns.next()
    assert move
    assert turns.next() is None
    turns.end(move.operations[0], done=True)
    grant = turns.next()
    assert grant
    assert not grant.obstacle


def test_a_seat_is_left_for_whoever_comes_first_in_the_plan() -> None:
    """A leaver's seat does not come free, so that there is one for two newcomers."""
    world = World(seats={"Sales": 2})
    world.account("leaver", "Sales Team")
    world.person("leaver")
    for name in ("ana", "bob"):
        world.person(name, "Sales Team")
    plan = world.plan()
    turns = Dispatcher(plan, lambda o: "no" if o.subject.id == guid("leaver") else "")
    creations = [o for o in plan.operations if not (o.takes or o.frees) and o.account is None]
    granted: list[Operation] = []
    while turn := turns.next():
        granted += turn.operations if not turn.obstacle else ()
    assert granted == creations
    turns.end(creations[1], done=True)
    assert turns.next() is None
    turns.end(creations[0], done=True)
    first = turns.next()
    assert first
    assert [operation.subject for operation in first.operations] == [creations[0].subject]
    turns.end(first.operations[0], done=True)
    second = turns.next()
    assert second
    assert "no seat of Sales is free" in second.obstacle


def test_of_what_was_taken_back_no_seat_is_free() -> None:
    """A half-made move whose old set came back: it never happened."""
    world = World(sets={"Sales": ["S"]}, seats={"S": 1})
    world.account("leaver", "Sales")
    world.person("leaver")
    world.account("ana")
    world.person("ana", "Sales")
    turns = Dispatcher(world.plan(), lambda _: "")
    revoke = turns.next()
    assert revoke
    turns.end(revoke.operations[0], done=True)
    turns.undo(revoke.operations[0])
    told = [turn.obstacle for turn in iter_turns(turns)]
    assert told == ["", "no seat of S is free, because an earlier step is not done"]


def test_what_needs_several_that_failed_names_them_all() -> None:
    world = World(sets={"Both": ["S", "T"]}, seats={"S": 1, "T": 1}, groups={})
    world.person("ana", "Both")
    plan = world.plan()
    turns = Dispatcher(plan, lambda operation: "no" if not operation.needs else "")
    assert [turn.obstacle for turn in iter_turns(turns)][-1] == (
        "operation 0, 1, which it needs, is not done"
    )


def test_what_lacks_several_seats_names_their_products() -> None:
    world = World(sets={"Both": ["S", "T"]}, seats={"S": 1, "T": 1})
    world.account("leaver", "Both")
    world.person("leaver")
    world.account("ana")
    world.person("ana", "Both")
    turns = Dispatcher(world.plan(), lambda operation: "no" if operation.frees else "")
    assert [turn.obstacle for turn in iter_turns(turns)][-1] == (
        "no seat of S, T is free, because an earlier step is not done"
    )


def test_groups_are_created_one_after_another() -> None:
    world = World(sets={"Sales": ["S"], "Talent": ["S"]}, seats={"S": 9}, groups={})
    for name in ("Sales", "Talent"):
        world.person(name.lower(), name)
    turns = Dispatcher(world.plan(), lambda _: "")
    first = turns.next()
    assert first
    assert turns.next() is None
    turns.end(first.operations[0], done=True)
    second = turns.next()
    assert second
    assert second.operations[0].kind is Kind.CREATE_SET_GROUP


def test_a_group_is_changed_by_one_worker_at_a_time() -> None:
    """Whoever joins by a grant, and whoever by a move from another group."""
    world = World(sets={"Sales": ["S"], "Talent": ["T"]}, seats={"S": 9, "T": 9})
    world.account("ana", "Talent")
    world.person("ana", "Sales")
    world.account("bob")
    world.person("bob", "Sales")
    turns = Dispatcher(world.plan(), lambda _: "")
    first = turns.next()
    assert first
    assert turns.next() is None
    turns.end(first.operations[0], done=True)
    second = turns.next()
    assert second
    assert {first.operations[0].kind, second.operations[0].kind} == {Kind.MOVE, Kind.GRANT}


def test_accounts_are_updated_side_by_side_and_user_names_one_after_another() -> None:
    for attribute, together in (("name.familyName", True), ("userName", False)):
        world = World()
        for name in ("ana", "bob"):
            world.account(name, "Sales Team", **{attribute: f"{name}.maiden"})
            world.person(name, "Sales Team")
        turns = Dispatcher(world.plan(), lambda _: "")
        assert turns.next()
        assert bool(turns.next()) is together


def test_what_stands_alone_comes_before_who_may_join_so_that_many_join_together() -> None:
    world = World()
    world.waits = [{"id": guid("old"), "set": "Sales Team", "since_run": 0}]
    world.account("old")
    for name in ("old", "new"):
        world.person(name, "Sales Team")
    plan = world.plan()
    assert [str(operation.kind) for operation in plan.operations] == [
        "grant",
        "create_account",
        "grant",
    ]
    first = Dispatcher(plan, lambda _: "").next()
    assert first
    assert first.operations == plan.operations[1:2]


def iter_turns(turns: Dispatcher) -> Iterator[Batch]:
    """All the turns to come, each done at once if it may be."""
    while turn := turns.next():
        yield turn
        for operation in turn.operations:
            turns.end(operation, done=True)


def test_what_is_objected_to_gets_no_turn_and_neither_does_what_needs_it() -> None:
    world = World()
    world.person("ana", "Sales Team")
    turns = Dispatcher(world.plan(), lambda operation: "no" if operation.index == 0 else "")
    first, second = turns.next(), turns.next()
    assert first
    assert second
    assert first.obstacle == "no"
    assert "operation 0, which it needs" in second.obstacle


def test_an_error_budget_ends_with_five_in_a_row_or_a_tenth_of_many() -> None:
    budget = ErrorBudget(100)
    for at in range(11):
        assert not budget.exceeded
        budget.count(failed=True)
        if at % 2:
            budget.count(failed=False)
    assert budget.exceeded == "more than 10 % of the operations"
    assert budget.errors == 11
    budget = ErrorBudget(3)
    for _ in range(5):
        assert not budget.exceeded
        budget.count(failed=True)
    assert budget.exceeded == "5 in a row"


def test_four_errors_on_either_side_of_a_success_are_not_five_in_a_row() -> None:
    budget = ErrorBudget(100)
    for failed in (*[True] * 4, False, *[True] * 4):
        budget.count(failed=failed)
    assert not budget.exceeded


def test_a_seat_is_kept_for_whoever_has_an_obstacle_until_that_is_told() -> None:
    world = World(sets={"Sales": ["S"]}, seats={"S": 3})
    world.account("leaver", "Sales")
    world.person("leaver")
    for name in ("ana", "bob", "cyd"):
        world.account(name)
        world.person(name, "Sales")
    plan = world.plan()
    revoke, deactivate, first, second, third = plan.operations
    turns = Dispatcher(plan, lambda operation: "not now" if operation == second else "")
    for _ in (revoke, deactivate):
        taken = turns.next()
        assert taken
        turns.end(taken.operations[0], done=False)
    assert turns.next() == Batch((first,))
    turns.end(first, done=True)
    assert turns.next() == Batch((second,), "not now")
    assert turns.next() == Batch((third,))


def test_whoever_is_locked_out_is_so_even_if_the_group_cannot_be_changed() -> None:
    """Revoked first, and deactivated whatever came of that; neither waits for the other."""
    world = World()
    world.settled("zoe", "Sales Team")
    world.account("ana", "Sales Team")
    world.person("ana", "Sales Team", accountEnabled=False)
    assert _turns_of(world, fails=Kind.REVOKE) == [Kind.REVOKE, Kind.DEACTIVATE_ACCOUNT]


def test_a_name_that_the_vendor_refuses_keeps_nobody_from_a_seat() -> None:
    world = World()
    world.account("ana", **{"name.familyName": "Maiden"})
    world.person("ana", "Sales Team")
    assert _turns_of(world, fails=Kind.UPDATE_ACCOUNT) == [Kind.UPDATE_ACCOUNT, Kind.GRANT]


def _turns_of(world: World, fails: Kind) -> list[Kind]:
    """What is begun, one after the other, where everything but this succeeds."""
    turns, begun = Dispatcher(world.plan(), lambda _: ""), []
    while turn := turns.next():
        (operation,) = turn.operations
        assert not turn.obstacle
        assert turns.next() is None
        begun.append(operation.kind)
        turns.end(operation, done=operation.kind is not fails)
    return begun
