"""A plan for one user: a part of the plan for everybody that can be carried out by itself."""

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.model.plan import Operation, Outcome, Plan, Subject
from reconciler.planning.user_explanation import users_called
from reconciler.reconcile_user import reconcile_user
from support.worlds.random_worlds import NAMES, worlds
from support.worlds.world import World, codes, guid, kinds, messages

SETS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Talent Team": ["Talent"]}
SALES, MARKETING, TALENT = SETS


def plan_for(world: World, name: str) -> Plan:
    evaluation = world.evaluation()
    (user,) = evaluation.facts.people.users(users_called(evaluation, guid(name)))
    return reconcile_user(evaluation, user, number=-1)


def change(operation: Operation) -> tuple[Subject, str]:
    """What is done to whom, wherever it stands in a plan."""
    return operation.subject, f"{operation.before} {operation.after} {operation.reason}"


def changes(plan: Plan) -> Counter[tuple[Subject, str]]:
    return Counter(map(change, plan.operations))


@given(worlds(), st.sampled_from(NAMES))
def test_it_is_a_part_of_the_plan_for_everybody_and_can_be_carried_out_alone(
    world: World, name: str
) -> None:
    """The vendor of these worlds refuses a seat that is not free, and a second set."""
    assume(guid(name) in world.people)
    whole, part = world.plan(), plan_for(world, name)
    assert changes(part) <= changes(whole)
    assert [o.index for o in part.operations] == list(range(len(part.operations)))
    assert all(need < o.index for o in part.operations for need in o.needs)
    assert part.only[0].id == guid(name)
    for user in part.only[1:]:
        theirs = [o for o in part.operations if o.subject == user]
        assert any(o.lost for o in theirs)
        assert any(o.gained for o in theirs)
    world.apply(part)
    assert changes(world.plan()) == changes(whole) - changes(part)


def full(**people: tuple[str, str]) -> World:
    """Each user holds the first set, is in the group of the second, "" is none; no seat is free."""
    world = World(sets=SETS, seats=dict.fromkeys(["Sales", "Marketing", "Talent"], 0))
    for name, (held, wanted) in people.items():
        if held:
            world.account(name, held)
            world.seats[SETS[held][0]] += 1
        world.person(name, *([wanted] if wanted else []))
    return world


@pytest.mark.parametrize(
    ("people", "free", "does"),
    [
        pytest.param({"ana": ("", SALES)}, 1, ["ana"], id="a free seat"),
        pytest.param({"ana": ("", SALES), "bob": ("", SALES)}, 2, ["ana"], id="seats for both"),
        pytest.param(
            {"ana": (SALES, MARKETING), "bob": (MARKETING, SALES)}, 0, ["ana", "bob"], id="a swap"
        ),
        pytest.param(
            {"ana": ("", SALES), "bob": (SALES, MARKETING), "eva": (MARKETING, SALES)},
            0,
            [],
            id="those who swap keep their seats from whoever waits",
        ),
        pytest.param(
            {"ana": ("", SALES), "bob": (SALES, "")}, 0, [], id="nobody loses a seat for the user"
        ),
        pytest.param({"ana": (SALES, ""), "bob": (MARKETING, "")}, 0, ["ana"], id="the user's own"),
    ],
)
def test_who_is_in_it(people: dict[str, tuple[str, str]], free: int, does: list[str]) -> None:
    world = full(**people)
    world.seats["Sales"] += free
    part = plan_for(world, "ana")
    assert sorted({name for _, name in kinds(part)}) == does
    assert {user.name.split("@")[0] for user in part.only} == {"ana", *does}


@pytest.mark.parametrize(("mover", "stuck"), [("bob", "leo"), ("leo", "bob")])
def test_of_those_who_could_make_room_one_is_found_who_can_move(mover: str, stuck: str) -> None:
    """The other one would get a seat that somebody has to lose first."""
    moves = {stuck: (SALES, MARKETING), mover: (SALES, TALENT)}
    world = full(ana=("", SALES), eva=(MARKETING, ""), **moves)
    world.seats["Talent"] += 1
    assert sorted({name for _, name in kinds(plan_for(world, "ana"))}) == ["ana", mover]


def test_the_group_of_a_set_is_made_before_anybody_joins_it() -> None:
    world = full(ana=("", SALES))
    world.groups, world.seats["Sales"] = {}, 1
    part = plan_for(world, "ana")
    assert [kind for kind, _ in kinds(part)] == ["create_set_group", "create_account", "grant"]
    assert part.operations[2].needs == (0, 1)


def test_p19_it_says_for_whom_it_is_and_what_is_left_out() -> None:
    world = full(ana=(SALES, MARKETING), bob=(MARKETING, SALES), eva=(SALES, SALES))
    world.people[guid("eva")]["surname"] = "New"
    assert messages(plan_for(world, "ana"), "P19") == [
        "This plan is for ana@example.org alone, and leaves out 1 operation of a plan for "
        "everybody. Without bob@example.org it would not be possible."
    ]


def test_p20_others_who_come_first_and_who_makes_room_are_named() -> None:
    world = full(ana=("", SALES), bob=("", SALES), eva=(SALES, ""), leo=(SALES, ""))
    world.policy["served_first"] = [guid("bob")]
    part = plan_for(world, "ana")
    assert part.operations == ()
    assert messages(part, "P20") == [
        "A plan for everybody has a seat for ana@example.org, and this one has not: of Sales none "
        "is free now but for others. Before ana@example.org in the queue: bob@example.org. Room is "
        "made by eva@example.org, leo@example.org."
    ]


def test_a_seat_that_is_free_is_still_theirs_who_come_before() -> None:
    """They are served by the seat of somebody whose loss may never be approved."""
    world = full(ana=("", SALES), bob=("", SALES), eva=(SALES, ""))
    world.seats["Sales"] += 1
    world.policy["served_first"] = [guid("bob")]
    assert changes(world.plan())  # there is a seat for both
    assert plan_for(world, "ana").operations == ()
    assert sorted({who for _, who in kinds(plan_for(world, "bob"))}) == ["bob"]


def test_without_the_seat_there_is_no_account_for_it_but_what_needs_none_is_done() -> None:
    world = full(ana=(SALES, MARKETING), bob=("", MARKETING), eva=(MARKETING, ""))
    world.people[guid("ana")]["surname"] = "New"
    world.policy["served_first"] = [guid("bob")]
    assert kinds(plan_for(world, "ana")) == [("update_account", "ana")]
    assert plan_for(world, "bob").operations == ()


def test_who_waits_is_told_who_waits_before() -> None:
    world = full(ana=("", SALES), bob=("", SALES), zoe=("", SALES))
    world.policy["served_first"] = [guid("bob")]
    part = plan_for(world, "ana")
    names = [entry.user.name.partition("@")[0] for entry in part.waiting]
    assert names[0] == "bob"
    assert names[-1] == "ana"
    assert "zoe" not in names or names.index("zoe") < names.index("ana")
    assert part.seats[1].waiting == 3


def test_only_the_users_own_findings_are_told() -> None:
    world = full(ana=(SALES, MARKETING), eva=("", SALES))
    world.people[guid("eva")]["mail"] = None
    assert codes(world.plan()) == {"U4", "S2"}
    assert codes(plan_for(world, "ana")) == {"S2", "P19"}


def test_r9_what_is_too_much_for_all_is_not_taken_from_one_after_the_other() -> None:
    world = full(ana=(SALES, ""), bob=(SALES, ""), eva=(SALES, ""), leo=(SALES, SALES))
    world.people[guid("leo")]["surname"] = "New"
    world.policy |= {"max_revokes": 2, "max_revoke_percent": 0}
    (objection,) = plan_for(world, "ana").objections
    assert (objection.code, objection.outcome) == ("R9", Outcome.BLOCKED)
    assert "3 of 4 users" in objection.message
    assert plan_for(world, "leo").objections == ()


def test_a_limit_that_holds_for_all_is_told_with_the_users_own_numbers() -> None:
    world = full(ana=(SALES, ""), bob=(SALES, ""), eva=(SALES, SALES))
    (limit,) = (one for one in plan_for(world, "ana").verdicts if one.code == "R9")
    assert limit.message.startswith("1 of 3 users")


def test_a15_of_somebody_else_objects_to_nothing() -> None:
    world = full(ana=("", SALES), eva=(MARKETING, ""))
    world.seats["Sales"] += 1
    world.admins = (MARKETING,)
    assert "A15" in {verdict.code for verdict in world.plan().objections}
    assert plan_for(world, "ana").objections == ()
    assert [verdict.code for verdict in plan_for(world, "eva").objections] == ["A15"]


def test_its_number_is_none_of_those_in_which_waits_are_counted() -> None:
    assert plan_for(full(ana=("", SALES)), "ana").run == -1
