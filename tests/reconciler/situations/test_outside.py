"""Accounts that are held outside of what is managed here, and a store that cannot know of them."""

from datetime import timedelta

import pytest

from reconciler.model.known_sets import KnownSet
from reconciler.model.plan import Outcome, Plan
from support.worlds.world import NOW, World, codes, guid, kinds, messages

LEFT_SALES = [("revoke", "ana")]
LEFT_ALL = [*LEFT_SALES, ("deactivate_account", "ana")]


def leaver(**attributes: object) -> World:
    """ana holds Sales Team at the vendor, and is in its group no more."""
    world = World()
    world.account("ana", "Sales Team")
    world.person("ana", **attributes)
    world.settled("zoe", "Sales Team")
    return world


# A18: another group of the vendor


def test_a18_who_left_every_set_and_is_in_another_group_gives_back_the_seat_alone() -> None:
    world = leaver()
    world.holdings += [("Talent Team", "acc-ana"), ("Talent Team", "acc-zoe")]
    plan = world.plan()
    assert kinds(plan) == LEFT_SALES
    assert messages(plan, "A18") == [
        '1 account is not deactivated: ana@example.org. They are in "Talent Team" at the vendor, '
        "which is not configured. Configured sets are taken back as usual."
    ]


def test_a18_is_said_of_whoever_holds_nothing_else_as_well_and_of_each_group() -> None:
    world = World()
    for name in ("ana", "bob"):
        world.account(name)
        world.person(name)
    world.holdings += [("Everyone", "acc-ana"), ("Everyone", "acc-bob"), ("Talent", "acc-bob")]
    plan = world.plan()
    assert plan.operations == ()
    assert [(f.subject.name, f.code) for f in plan.findings if f.code == "A18"] == [
        ("Everyone", "A18"),
        ("Talent", "A18"),
    ]


def test_a18_nobody_but_who_would_be_deactivated_is_told_of() -> None:
    world = World()
    world.settled("zoe", "Sales Team")
    world.account("gone", active=False)
    world.person("gone")
    world.holdings += [
        ("Everyone", "acc-zoe"),
        ("Everyone", "acc-gone"),
        ("Everyone", "acc-nobody"),
    ]
    assert codes(world.plan()) == set()


@pytest.mark.parametrize(
    "state", [{"accountEnabled": False}, {"presence": "deleted"}, {"presence": "gone"}]
)
def test_a18_is_not_said_of_whom_entra_itself_shuts_out(state: dict[str, object]) -> None:
    world = leaver(**state)
    world.holdings += [("Everyone", "acc-ana")]
    assert kinds(world.plan()) == LEFT_ALL
    assert "A18" not in codes(world.plan())


def test_a18_whoever_left_may_be_in_a_group_that_was_not_read() -> None:
    world = leaver()
    world.unread = ("Talent Team",)
    plan = world.plan()
    assert kinds(plan) == LEFT_SALES
    assert messages(plan, "A18") == [
        '1 account is not deactivated: ana@example.org. "Talent Team" at the vendor is not '
        "configured and could not be read: they may be in it. Configured sets are taken back as "
        "usual."
    ]


def test_a_set_that_is_remembered_is_no_other_group() -> None:
    world = leaver()
    world.memory["sets"] = {"Old Team": KnownSet(("Sales",))}
    world.holdings.append(("Old Team", "acc-ana"))
    plan = world.plan()
    assert kinds(plan) == [*LEFT_SALES, *LEFT_ALL]
    assert [v.code for v in plan.objections] == ["G13"]


# A18: an account that is not ours


def stranger(**attributes: object) -> World:
    """ana's account carries their object id, and nobody knows why."""
    world = World()
    world.account("ana")
    world.links.clear()
    world.person("ana", **attributes)
    return world


@pytest.mark.parametrize(
    "state",
    [{}, {"accountEnabled": False}, {"presence": "deleted"}, {"presence": "gone"}],
)
def test_a18_an_object_id_alone_does_not_make_an_account_ours(state: dict[str, object]) -> None:
    plan = stranger(**state).plan()
    assert plan.operations == ()
    assert messages(plan, "A18") == [
        "1 account is not deactivated: ana@example.org. They were never in a configured set, nor "
        "made or linked from here. Configured sets are taken back as usual."
    ]


def test_an_account_that_was_met_in_a_set_is_ours_from_then_on() -> None:
    world = leaver()
    world.links.clear()
    plan = world.plan()
    assert kinds(plan) == LEFT_ALL
    world.apply(plan, until=1)
    assert kinds(world.plan()) == [("deactivate_account", "ana")]


def test_so_is_that_of_whoever_is_in_a_set_s_group() -> None:
    world = stranger(accountEnabled=False)
    world.members.append(("Sales Team", guid("ana"), "user"))
    assert kinds(world.plan()) == [("deactivate_account", "ana")]


def test_a_link_to_another_account_makes_this_one_no_more_ours() -> None:
    world = stranger()
    world.links[guid("ana")] = "acc-before"
    assert world.plan().operations == ()


def test_an_object_id_alone_is_not_remembered_as_a_link() -> None:
    world = stranger()
    assert world.knowledge().links == {}
    world.members.append(("Sales Team", guid("ana"), "user"))
    assert world.knowledge().links == {guid("ana"): "acc-ana"}


# R18: the store


def test_r18_a_store_that_knows_nothing_takes_nothing() -> None:
    world = leaver()
    world.account("bob", "Sales Team")
    world.person("bob", accountEnabled=False)
    world.person("new", "Sales Team")
    world.lose_the_store()
    plan = world.plan()
    assert kinds(plan) == [("create_account", "new"), ("grant", "new")]
    assert messages(plan, "R18") == [
        "The store is too young to know what was granted from here, and who lost a seat lately: "
        "it has made no plan yet. 2 people would lose something; this plan only grants."
    ]
    assert plan.objections == ()


def test_r18_says_nothing_where_nobody_would_lose() -> None:
    world = World()
    world.settled("zoe", "Sales Team")
    world.lose_the_store()
    assert codes(world.plan()) == set()


def after(age: timedelta) -> Plan:
    """The plan of a store that began so long ago, when somebody held a seat already."""
    world = leaver()
    world.memory["began"] = NOW - age
    return world.plan()


def test_r18_in_its_first_week_whatever_takes_something_is_held() -> None:
    plan = after(timedelta(days=7) - timedelta(seconds=1))
    assert kinds(plan) == LEFT_ALL
    assert [(v.code, v.outcome, v.message) for v in plan.objections] == [
        (
            "R18",
            Outcome.HELD,
            "The store is too young to know what was granted from here, and who lost a seat "
            "lately: it began, or was restored, on 2026-11-17. Until 2026-11-24 whatever takes "
            "something is held.",
        )
    ]


def test_r18_a_week_later_the_caps_know_everything() -> None:
    assert after(timedelta(days=7)).objections == ()


def test_r18_grants_are_not_held() -> None:
    world = World(memory={"began": NOW})
    world.person("new", "Sales Team")
    assert world.plan().objections == ()


@pytest.mark.parametrize(
    ("held", "others", "knows"),
    [(["Sales Team"], [], True), ([], ["Everyone"], True), ([], [], False)],
)
def test_whether_somebody_held_something_is_remembered(
    held: list[str], others: list[str], knows: bool
) -> None:
    world = World()
    world.account("ana", *held)
    world.holdings += [(name, "acc-ana") for name in others]
    assert world.knowledge().held is knows
