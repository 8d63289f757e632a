"""The allocation: who gets what is free, and what may never happen on the way."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.known_sets import KnownSeats
from reconciler.seats.allocation import Allocation, Request, allocate, bits
from support.worlds.world import World, codes, guid, kinds, messages, names

SALES, MARKETING, TALENT = 1, 2, 4
SHARING = {"Both": ["Sales", "Marketing"], "Marketing Team": ["Marketing"]}


def request(name: str, needs: int, gives: int = 0, since: int = 9, klass: int = 3) -> Request:
    return Request((klass, 0 if gives else 1, since, name), hash(name), needs, gives)


def run(requests: Iterable[Request], *free: int) -> Allocation:
    return allocate(requests, free, run=9, reserve_after_runs=3)


def served(allocation: Allocation) -> list[tuple[str, str]]:
    return [(step.request.key[3], step.part) for step in allocation.steps]


def waits(allocation: Allocation) -> list[tuple[str, int]]:
    return [(request.key[3], blocked) for request, blocked in allocation.waiting]


def test_seats_go_by_key_and_the_rest_waits_for_what_is_full() -> None:
    result = run([request("b", SALES), request("a", SALES), request("c", SALES)], 2, 0, 0)
    assert served(result) == [("a", "whole"), ("b", "whole")]
    assert waits(result) == [("c", SALES)]


def test_admins_come_first_then_who_has_waited_longest() -> None:
    queue = [request("a", SALES), request("b", SALES, since=8), request("z", SALES, klass=0)]
    assert served(run(queue, 2, 0, 0)) == [("z", "whole"), ("b", "whole")]


def test_a_bundle_is_granted_whole_or_not_at_all_and_may_be_passed() -> None:
    result = run([request("a", SALES | MARKETING), request("b", SALES)], 1, 0, 0)
    assert served(result) == [("b", "whole")]
    assert waits(result) == [("a", SALES | MARKETING)]


def test_after_three_runs_what_a_bundle_waits_for_is_reserved() -> None:
    result = run([request("a", SALES | MARKETING, since=6), request("b", SALES)], 1, 0, 0)
    assert served(result) == []
    assert waits(result) == [("a", MARKETING), ("b", SALES)]


def test_whoever_is_last_is_told_every_reservation_before() -> None:
    queue = [
        request("a", SALES | MARKETING, since=5),
        request("b", TALENT | MARKETING, since=6),
        request("c", SALES | TALENT),
    ]
    assert waits(run(queue, 1, 0, 1)) == [
        ("a", MARKETING),
        ("b", MARKETING),
        ("c", SALES | TALENT),
    ]


def test_a_reservation_holds_whoever_stands_before_it_in_the_queue() -> None:
    queue = [
        request("admin", SALES | MARKETING, klass=0),
        request("a", SALES | MARKETING, since=6),
        request("b", SALES),
    ]
    assert served(run(queue, 1, 0, 0)) == []


def test_a_seat_given_back_by_a_move_serves_the_head_of_the_queue() -> None:
    result = run([request("head", SALES, klass=0), request("mover", MARKETING, SALES)], 0, 1, 0)
    assert served(result) == [("mover", "whole"), ("head", "whole")]


def test_two_who_block_one_another_swap_through_the_lower_key() -> None:
    swap = [request("a", MARKETING, SALES), request("b", SALES, MARKETING)]
    assert served(run(swap, 0, 0, 0)) == [("b", "give back"), ("a", "whole"), ("b", "take")]


def test_a_ring_of_three_needs_one_split_only() -> None:
    ring = [
        request("a", MARKETING, SALES),
        request("b", TALENT, MARKETING),
        request("c", SALES, TALENT),
    ]
    assert [part for _, part in served(run(ring, 0, 0, 0))].count("give back") == 1
    assert waits(run(ring, 0, 0, 0)) == []


def test_two_swap_although_a_third_who_would_help_them_cannot_move() -> None:
    moves = [
        request("a", MARKETING, SALES),
        request("b", SALES, MARKETING),
        request("c", TALENT, SALES),
    ]
    result = run(moves, 0, 0, 0)
    assert served(result) == [("b", "give back"), ("a", "whole"), ("b", "take")]
    assert waits(result) == [("c", TALENT)]


def test_two_swap_although_a_third_who_wants_the_same_cannot_move() -> None:
    moves = [
        request("a", MARKETING, SALES),
        request("b", SALES, MARKETING),
        request("c", MARKETING | TALENT, SALES),
    ]
    result = run(moves, 0, 0, 0)
    assert served(result) == [("b", "give back"), ("a", "whole"), ("b", "take")]
    assert waits(result) == [("c", MARKETING | TALENT)]


def test_two_swap_beside_the_one_seat_that_is_reserved_for_a_third() -> None:
    moves = [
        request("a", MARKETING, SALES),
        request("b", SALES, MARKETING),
        request("c", MARKETING | TALENT, SALES, since=6),
    ]
    result = run(moves, 0, 1, 0)
    assert served(result) == [("a", "whole"), ("b", "whole")]
    assert waits(result) == [("c", TALENT)]


def test_after_a_swap_there_are_as_many_seats_as_before() -> None:
    swap = [request("a", MARKETING, SALES), request("b", SALES, MARKETING)]
    for wanted in (SALES, MARKETING):
        result = run([*swap, request("new", wanted)], 0, 0, 0)
        assert len(result.steps) == 3
        assert waits(result) == [("new", wanted)]


def test_what_a_swap_sets_free_is_had_by_others_in_the_same_run() -> None:
    other = 8
    swap = [request("a", MARKETING | TALENT, SALES), request("b", SALES, TALENT | other)]
    result = run([*swap, request("new", MARKETING | other)], 0, 2, 0, 0)
    assert served(result)[-1] == ("new", "whole")
    assert waits(result) == []


def test_a_swap_does_not_take_the_seat_that_is_reserved() -> None:
    other = 8
    moves = [request("a", other, MARKETING), request("b", MARKETING | SALES, other)]
    old = request("old", SALES | TALENT, since=6)
    assert served(run([old, *moves], 1, 0, 0, 0)) == []
    assert len(served(run([old, *moves], 2, 0, 0, 0))) == 3
    assert len(served(run(moves, 1, 0, 0, 0))) == 3


def test_nobody_outside_a_swap_takes_the_seat_that_was_given_back_for_it() -> None:
    queue = [
        request("first", MARKETING, klass=0),
        request("a", MARKETING, SALES),
        request("b", SALES, MARKETING),
    ]
    result = run(queue, 0, 0, 0)
    assert waits(result) == [("first", MARKETING)]
    assert len(result.steps) == 3


def test_what_a_move_has_waited_for_is_reserved_from_other_moves_too() -> None:
    """Even if the other one would give back what the first one needs as well."""
    queue = [request("long", MARKETING | TALENT, SALES, since=6), request("b", TALENT, MARKETING)]
    result = run(queue, -1, -1, 1)
    assert served(result) == []
    assert waits(result) == [("long", MARKETING), ("b", TALENT)]


def test_a_reservation_is_not_handed_on_within_a_run() -> None:
    """With one seat of Sales or without: who passed while the head waited passes all the same."""
    queue = [
        request("head", SALES | MARKETING, TALENT, since=5),
        request("next", SALES | MARKETING, TALENT, since=6),
        request("late", MARKETING | TALENT, SALES),
    ]
    for free_sales in (0, 1):
        assert waits(run(queue, free_sales, 2, 1))[0][0] == "next"
        assert len(waits(run(queue, free_sales, 2, 1))) == 1


def test_a_product_that_is_over_allocated_serves_nobody() -> None:
    assert served(run([request("a", SALES), request("b", MARKETING)], -3, 1, 0)) == [("b", "whole")]


bundles = st.integers(0, 7)


@st.composite
def contests(draw: st.DrawFn) -> tuple[list[Request], list[int]]:
    moves = draw(st.lists(st.tuples(bundles, bundles, st.integers(5, 9)), max_size=12))
    requests = [
        request(f"{at:02}", wanted & ~held, held & ~wanted, since)
        for at, (wanted, held, since) in enumerate(moves)
    ]
    return requests, draw(st.lists(st.integers(-2, 3), min_size=3, max_size=3))


@given(contests())
def test_no_step_takes_a_seat_that_is_not_free(
    seat_decisions: tuple[list[Request], list[int]],
) -> None:
    requests, free = seat_decisions
    left = list(free)
    for step in allocate(requests, free, 9, 3).steps:
        if step.part != "give back":
            for product in bits(step.request.needs):
                left[product] -= 1
                assert left[product] >= 0
        if step.part != "take":
            for product in bits(step.request.gives):
                left[product] += 1


@given(contests(), st.randoms(use_true_random=False))
def test_the_order_of_the_requests_does_not_matter(
    seat_decisions: tuple[list[Request], list[int]], random: object
) -> None:
    requests, free = seat_decisions
    shuffled = list(requests)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert allocate(shuffled, free, 9, 3) == allocate(requests, free, 9, 3)


@given(contests())
def test_everybody_is_served_once_or_waits(seat_decisions: tuple[list[Request], list[int]]) -> None:
    requests, free = seat_decisions
    result = allocate(requests, free, 9, 3)
    ended = [step.request.key for step in result.steps if step.part != "give back"]
    ended += [waiting.key for waiting, _ in result.waiting]
    assert sorted(ended) == sorted(r.key for r in requests)
    halves = [step.request.key for step in result.steps if step.part == "give back"]
    assert sorted(halves) == sorted(s.request.key for s in result.steps if s.part == "take")


@given(contests())
def test_whoever_waits_is_blocked_by_something(
    seat_decisions: tuple[list[Request], list[int]],
) -> None:
    requests, free = seat_decisions
    assert all(blocked for _, blocked in allocate(requests, free, 9, 3).waiting)


@given(contests(), st.integers(0, 2))
def test_i09_more_seats_never_leave_a_higher_key_worse_off(
    seat_decisions: tuple[list[Request], list[int]], product: int
) -> None:
    requests, free = seat_decisions
    more = [count + (at == product) for at, count in enumerate(free)]

    def in_key_order(allocation: Allocation) -> list[bool]:
        left = {request.key for request, _ in allocation.waiting}
        return [request.key not in left for request in sorted(requests)]

    assert in_key_order(allocate(requests, more, 9, 3)) >= in_key_order(
        allocate(requests, free, 9, 3)
    )


@given(st.lists(st.integers(0, 2), min_size=40, max_size=40), st.integers(1, 7))
def test_i23_the_head_of_the_queue_gets_what_comes_free(freed: list[int], bundle: int) -> None:
    """In every run one seat comes free, and somebody new wants just that one."""
    free, head = [0, 0, 0], request("a", bundle, since=0)
    others: list[Request] = []
    for run, product in enumerate(freed):
        free[product] += 1
        others.append(request(f"b{run:02}", 1 << product, since=run))
        result = allocate([head, *others], free, run, 3)
        done = {step.request.key for step in result.steps}
        if head.key in done:
            return
        for step in result.steps:
            for at in bits(step.request.needs):
                free[at] -= 1
        others = [other for other in others if other.key not in done]
    seen_late = set(freed[3:])
    assert not {*bits(bundle)} <= seen_late


# In a whole plan

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Both": ["Sales", "Marketing"]}


def test_s2_seats_exhausted_names_who_waits() -> None:
    world = World(seats={"Sales": 1})
    world.person("ana", "Sales Team")
    world.person("bob", "Sales Team")
    plan = world.plan()
    assert sum(kind == "grant" for kind, _ in kinds(plan)) == 1
    assert len(plan.waiting) == 1
    assert plan.waiting[0].blocked_by == ("Sales",)
    assert plan.waiting[0].code == "S2"
    assert messages(plan, "S2")[0].startswith("Sales: 1 purchased, 1 in use after this plan")
    (advice,) = (found.advice for found in plan.findings if found.code == "S2")
    assert advice == "Buy 1 more, or release seats."


def test_no_account_is_made_for_somebody_who_waits() -> None:
    world = World(seats={"Sales": 0})
    world.person("ana", "Sales Team")
    assert world.plan().operations == ()
    assert names(world.plan().waiting) == ["ana"]


def test_a_revoke_frees_its_seat_for_a_grant_of_the_same_plan() -> None:
    world = World(seats={"Sales": 1})
    world.account("ana", "Sales Team")
    world.person("ana")
    world.person("bob", "Sales Team")
    assert [kind for kind, _ in kinds(world.plan())] == [
        "revoke",
        "deactivate_account",
        "create_account",
        "grant",
    ]


def test_whoever_leaves_two_sets_frees_the_seats_of_both() -> None:
    world = World(sets=TEAMS, seats={"Sales": 1, "Marketing": 1})
    world.account("ana", "Sales Team", "Marketing Team")
    world.person("ana")
    world.person("bob", "Both")
    freed = [product for operation in world.plan().operations for product in operation.frees]
    assert sorted(freed) == ["Marketing", "Sales"]
    assert ("grant", "bob") in kinds(world.plan())


def test_a_move_keeps_the_seat_that_both_sets_have_though_it_is_the_last() -> None:
    world = World(sets=TEAMS, seats={"Sales": 1, "Marketing": 1})
    world.account("ana", "Sales Team")
    world.person("ana", "Both")
    (move,) = world.plan().operations
    assert (move.kind, move.takes, move.frees) == ("move", ("Marketing",), ())


def test_holders_keep_their_seats_whoever_else_wants_them() -> None:
    world = World(sets=TEAMS, seats={"Sales": 1, "Marketing": 0}, admins=("Both",))
    world.settled("ana", "Sales Team")
    world.person("boss", "Both")
    assert world.plan().operations == ()


def test_a_blocked_move_keeps_what_is_held() -> None:
    world = World(sets=TEAMS, seats={"Sales": 5, "Marketing": 0})
    world.account("ana", "Sales Team")
    world.person("ana", "Marketing Team")
    plan = world.plan()
    assert plan.operations == ()
    assert [entry.set for entry in plan.waiting] == ["Marketing Team"]


def test_a_swap_at_full_seats_is_split_and_ends_well() -> None:
    world = World(sets=TEAMS, seats={"Sales": 1, "Marketing": 1})
    world.account("ana", "Sales Team")
    world.account("bob", "Marketing Team")
    world.person("ana", "Marketing Team")
    world.person("bob", "Sales Team")
    plan = world.plan()
    assert [kind for kind, _ in kinds(plan)] == ["revoke", "move", "grant"]
    assert [operation.reason for operation in plan.operations] == ["U2"] * 3
    assert "R9" not in {verdict.code for verdict in plan.objections}
    for line in plan.seats:
        assert (line.frees, line.takes, line.used_after) == (1, 1, 1)
    world.apply(plan)
    assert world.used() == {"Sales": 1, "Marketing": 1}
    assert world.plan().operations == ()


def test_the_ledger_adds_up_where_a_split_move_keeps_a_product() -> None:
    """For a moment it is given back as well: the whole set is."""
    world = World(
        sets={"One": ["Sales", "Marketing"], "Two": ["Sales", "Talent"]},
        seats={"Sales": 2, "Marketing": 1, "Talent": 1},
    )
    for name, held, wanted in (("ana", "One", "Two"), ("bob", "Two", "One")):
        world.account(name, held)
        world.person(name, wanted)
    plan = world.plan()
    assert [kind for kind, _ in kinds(plan)] == ["revoke", "move", "grant"]
    for line in plan.seats:
        assert line.frees == line.takes == sum(o.frees.count(line.product) for o in plan.operations)
        assert line.used_before == line.used_after
    world.apply(plan)
    assert world.plan().operations == ()


def test_whoever_moves_comes_before_whoever_is_new() -> None:
    everybody = sorted((f"user{at}" for at in range(4)), key=guid)
    for mover in everybody:  # whatever the order of object ids
        world = World(sets=TEAMS, seats={"Sales": 4, "Marketing": 1})
        for name in everybody:
            world.person(name, "Marketing Team")
        world.account(mover, "Sales Team")
        plan = world.plan()
        assert ("move", mover) in kinds(plan)
        assert names(plan.waiting) == [name for name in everybody if name != mover]
        (_, marketing) = sorted((line.product, line.waiting) for line in plan.seats)[::-1]
        assert marketing == ("Marketing", 3)


def test_s3_a_bundle_of_which_only_a_part_is_free_waits_whole() -> None:
    world = World(sets=TEAMS, seats={"Sales": 5, "Marketing": 0})
    world.person("tom", "Both")
    plan = world.plan()
    assert plan.operations == ()
    assert messages(plan, "S3") == [
        'tom@example.org waits for "Both": Marketing is full, Sales is free. '
        "A set is granted whole or not at all."
    ]


def test_s4_nobody_leaves_a_set_who_is_not_let_into_the_next_one() -> None:
    """Whoever gives a seat back of which too many are in use is given none again."""
    world = World(sets=SHARING, seats={"Sales": 9, "Marketing": 1})
    world.account("mia", "Both")
    world.person("mia", "Marketing Team")
    world.settled("tom", "Marketing Team")
    plan = world.plan()
    assert plan.operations == ()
    assert [(entry.code, entry.blocked_by) for entry in plan.waiting] == [("S4", ("Marketing",))]

    world.seats["Marketing"] = 2
    world.apply(world.plan())
    assert world.held_by(guid("mia")) == ["Marketing Team"]


def test_s4_over_allocation_revokes_nobody_and_lists_whom_to_ask() -> None:
    world = World(
        sets={"Talent Team": ["Talent"], "Sales Team": ["Sales"]}, seats={"Talent": 9, "Sales": 1}
    )
    world.settled("ana", "Sales Team")
    world.account("stranger", "Sales Team", externalId=None)
    world.account("somebody", "Talent Team", externalId=None)
    world.person("bob", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert plan.waiting[0].code == "S4"
    assert "1 purchased, 2 in use" in messages(plan, "S4")[0]
    assert "Held outside Entra: stranger@example.org." in messages(plan, "S4")[0]


def test_a_cut_of_seats_never_revokes() -> None:
    world = World(seats={"Sales": 0})
    world.settled("ana", "Sales Team")
    assert world.plan().operations == ()
    assert codes(world.plan()) == {"S4"}


def test_s6_a_number_that_makes_no_sense_stops_the_grants_of_its_product() -> None:
    for count, why in [
        (-1, "-1 is negative"),
        (2.5, "2.5 is not a whole number"),
        (None, "the inventory gives no number"),
        ("", "the inventory gives no number"),
        ("many", '"many" is not a number in the digits 0 to 9'),
        (True, '"True" is not a number in the digits 0 to 9'),
        (float("nan"), '"nan" is not a number in the digits 0 to 9'),
        (float("inf"), '"inf" is not a number in the digits 0 to 9'),
        ("1e999", '"1e999" is not a number in the digits 0 to 9'),
        (1e30, '"1e+30" is not a number in the digits 0 to 9'),
        ("1e3", '"1e3" is not a number in the digits 0 to 9'),
        ("1_000", '"1_000" is not a number in the digits 0 to 9'),
        ("\uff15\uff10", '"\uff15\uff10" is not a number in the digits 0 to 9'),
        (10**9 + 1, "1000000001 is more than 1,000,000,000"),
        ("9" * 5000, f"{'9' * 20}… is more than 1,000,000,000"),
    ]:
        world = World(sets=TEAMS, seats={"Sales": count, "Marketing": 5})
        world.person("ana", "Sales Team")
        world.person("bob", "Marketing Team")
        world.account("cyd", "Sales Team")
        world.person("cyd")
        plan = world.plan()
        assert messages(plan, "S6") == [
            f"Sales: {why}. No seat of it is granted until the count is right."
        ]
        assert plan.waiting[0].code == "S6"
        assert {("grant", "bob"), ("revoke", "cyd")} < set(kinds(plan))
        assert ("grant", "ana") not in kinds(plan)

    stale = World(counted_on=date(2026, 11, 14))
    stale.person("ana", "Sales Team")
    assert "10 days old" in messages(stale.plan(), "S6")[0]
    a_week_old = World(counted_on=date(2026, 11, 17))
    a_week_old.person("ana", "Sales Team")
    assert "S6" not in codes(a_week_old.plan())


NUMBERLIKE = st.text("0123456789\uff15\u0665_e+-., ", max_size=30)
WRITTEN = (
    *(st.floats(min_value=1e10), st.floats(), st.integers(), NUMBERLIKE, st.text(max_size=30)),
    *(st.none(), st.booleans(), st.dates()),
)


@given(st.one_of(WRITTEN), st.one_of(WRITTEN))
def test_s6_whatever_is_written_is_a_usable_count_or_a_sentence(
    purchased: object, used: object
) -> None:
    """Never an exception: a run, and the timetable with it, would end."""
    world = World(seats={"Sales": purchased}, vendor_used={"Sales": used})
    world.settled("ana", "Sales Team")
    plan = world.plan()
    (line,) = plan.seats
    if line.purchased is None:
        (said,) = messages(plan, "S6")
        assert said.startswith("Sales: ")
    else:
        assert 0 <= line.purchased <= 10**9
        assert str(purchased).partition(".")[0].isascii()
        assert float(str(purchased)) == line.purchased


@pytest.mark.parametrize("count", [0, 50, 50.0, "50", "50.0", "0050", 10**9, 1e9])
def test_a_number_of_seats_is_written_in_digits(count: object) -> None:
    (line,) = World(seats={"Sales": count}).plan().seats
    assert line.purchased == int(float(str(count)))


def test_s6_the_vendors_good_count_makes_no_bad_one_good() -> None:
    world = World(seats={"Sales": -1}, vendor_used={"Sales": 0})
    world.person("ana", "Sales Team")
    assert "-1 is negative" in messages(world.plan(), "S6")[0]


def test_the_wait_is_remembered_and_sets_the_order() -> None:
    world = World(seats={"Sales": 0})
    late = sorted(["ana", "bob"], key=guid)
    world.person(late[1], "Sales Team")
    world.apply(world.plan())
    world.person(late[0], "Sales Team")  # sorts first by id, but came later
    assert names(world.plan().waiting) == [late[1], late[0]]
    world.seats["Sales"] = 1
    assert ("grant", late[1]) in kinds(world.plan())


def test_whom_a_plan_serves_that_is_never_applied_has_waited_all_the_same() -> None:
    world = World(seats={"Sales": 0})
    ana = world.person("ana", "Sales Team")
    world.keep(world.plan())
    world.seats["Sales"] = 1
    world.keep(world.plan())
    assert world.waits == [{"id": ana, "set": "Sales Team", "since_run": 1}]


def test_the_ledger_adds_up() -> None:
    world = World(sets=TEAMS, seats={"Sales": 3, "Marketing": 1})
    world.account("ana", "Both")
    world.person("ana", "Sales Team")
    world.account("bob", "Sales Team")
    world.person("bob")
    world.person("cyd", "Both")
    plan = world.plan()
    lines = {line.product: line for line in plan.seats}
    assert [(lines[p].used_before, lines[p].frees, lines[p].takes) for p in sorted(lines)] == [
        (1, 1, 1),
        (2, 1, 1),
    ]
    world.apply(plan)
    assert world.used() == {p: lines[p].used_after for p in lines}


def test_s1_a_seat_that_is_free_is_granted_for_that_reason() -> None:
    world = World()
    world.person("ana", "Sales Team")
    assert world.plan().operations[-1].reason == "S1"


@pytest.mark.parametrize(("purchased", "told"), [(47, {"S5"}), (50, set()), (60, set())])
def test_s5_fewer_seats_than_before_are_told_while_they_are_enough(
    purchased: int, told: set[str]
) -> None:
    world = World(seats={"Sales": purchased}, memory={"seats": {"Sales": KnownSeats(50)}})
    world.settled("ana", "Sales Team")
    assert codes(world.plan()) == told


def test_s5_below_what_is_in_use_it_is_an_over_allocation() -> None:
    world = World(seats={"Sales": 0}, memory={"seats": {"Sales": KnownSeats(50)}})
    world.settled("ana", "Sales Team")
    assert codes(world.plan()) == {"S4"}


def test_s7_of_two_counts_the_higher_one_is_used() -> None:
    world = World(seats={"Sales": 3}, vendor_used={"Sales": 3})
    world.settled("ana", "Sales Team")
    world.person("bob", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert (plan.seats[0].used_before, plan.seats[0].unmanaged) == (3, 2)
    assert messages(plan, "S7") == [
        "Sales: the vendor says that 3 seats are in use, its accounts hold 1 now. "
        "Counted beyond what its accounts show: 2."
    ]

    world.seats["Sales"] = 4  # one is bought and granted; the vendor's count is still the old one
    world.apply(world.plan())
    world.person("cyd", "Sales Team")
    assert world.plan().operations == ()
    assert world.plan().seats[0].used_before == 4

    world.vendor_used = {"Sales": 0}
    assert world.plan().seats[0].used_before == 2
    assert ("grant", "cyd") in kinds(world.plan())
    assert len(messages(world.plan(), "S7")) == 1

    world.vendor_used = {"Sales": "some"}
    assert '"some" is not a number' in messages(world.plan(), "S6")[0]


def test_s7_two_counts_that_agree_are_no_trouble() -> None:
    world = World(vendor_used={"Sales": 1})
    world.settled("ana", "Sales Team")
    assert "S7" not in codes(world.plan())


def test_s9_whoever_waits_no_longer_is_told_once() -> None:
    world = World(seats={"Sales": 0})
    ana = world.person("ana", "Sales Team")
    world.apply(world.plan())
    world.members.clear()
    plan = world.plan()
    assert messages(plan, "S9") == [
        'ana@example.org waited for a seat of "Sales Team" and is not in its group any more.'
    ]
    world.apply(plan)
    assert messages(world.plan(), "S9") == []
    assert ana in world.people


def test_s9_whoever_was_served_and_moves_on_waited_for_nothing() -> None:
    world = World(sets=TEAMS, seats={"Sales": 1, "Marketing": 1})
    ana = world.person("ana", "Sales Team")
    world.apply(world.plan())
    world.members = [("Marketing Team", ana, "user")]
    assert codes(world.plan()) == {"U2"}


def test_whom_the_company_serves_first_and_then_the_sets_with_priority() -> None:
    """Whoever comes first by object id comes last here."""
    queue = admin, vip, urgent, late = sorted(("ana", "bob", "cyd", "dan"), key=guid, reverse=True)
    world = World(
        sets={"Portal": ["Sales"], "Urgent": ["Sales"], "Sales Team": ["Sales"]},
        seats={"Sales": 0},
        admins=("Portal",),
        urgent=("Urgent",),
        policy={"served_first": [f"{vip}@example.org"]},
    )
    world.person(late, "Sales Team")
    world.person(urgent, "Urgent")
    world.person(vip, "Sales Team")
    world.person(admin, "Portal")
    assert names(world.plan().waiting) == queue


def test_whoever_gave_a_seat_back_for_a_move_gets_the_other_one_before_all_others() -> None:
    world = World(
        sets={"Portal": ["Sales"], "Marketing Team": ["Marketing"], "Night Desk": ["Sales"]},
        seats={"Sales": 1, "Marketing": 1},
        admins=("Portal",),
    )
    world.account("boss", "Marketing Team")
    world.person("boss", "Portal")
    bob = world.person("bob", "Night Desk")
    assert ("move", "boss") in kinds(world.plan())
    world.memory = {"midway": frozenset({bob})}
    assert ("grant", "bob") in kinds(world.plan())
    assert names(world.plan().waiting) == ["boss"]
