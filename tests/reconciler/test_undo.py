"""What an undo takes back, and what speaks against it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from reconciler.applying.entra_drift import source_drift
from reconciler.model.group_read import Group
from reconciler.model.plan import Kind, Plan
from reconciler.model.snapshot import PlanContext
from reconciler.reconcile import evaluation_of
from reconciler.undo import Done, undo
from reconciler.undo.run_effects import run_effects_of
from support.worlds.random_worlds import worlds
from support.worlds.world import NOW, World, codes, guid, kinds, messages

SKIPPED = {"P13", "P14", "P15", "P16", "P17"}
SETS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Admins": ["Sales"]}


def undo_of(world: World, done: Plan, until: int | None = None) -> Plan:
    plan_context = PlanContext("0d0", NOW, "0.1.0")
    run = Done("run1", done.operations[:until])
    return undo(world.settings(), world.snapshot(), plan_context, run)


def applied(world: World) -> Plan:
    plan = world.plan()
    world.apply(plan)
    return plan


@pytest.fixture
def world() -> World:
    """joe is to join Sales, mia to move to Marketing, lea to leave it, ana is renamed."""
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.settled("boss", "Admins")
    world.person("joe", "Sales Team")
    world.account("mia", "Sales Team")
    world.person("mia", "Marketing Team")
    world.account("lea", "Marketing Team")
    world.person("lea")
    world.account("ana", "Sales Team", **{"name.familyName": "Maiden"})
    world.person("ana", "Sales Team")
    return world


def state(world: World) -> dict[str, tuple[Any, ...]]:
    return {
        account: (row["active"], row["name.familyName"], world.held_by(row["externalId"]))
        for account, row in world.accounts.items()
    }


def test_p12_it_is_the_inverse_of_each_operation(world: World) -> None:
    before = state(world)
    plan = undo_of(world, applied(world))
    assert kinds(plan) == [
        ("revoke", "joe"),
        ("deactivate_account", "joe"),
        ("update_account", "ana"),
        ("move", "mia"),
        ("reactivate_account", "lea"),
        ("grant", "lea"),
    ]
    assert codes(plan) == {"P12"}
    assert {operation.reason for operation in plan.operations} == {"P12"}
    assert "what run run1 did to 4 users" in messages(plan, "P12")[0]
    joe = f"new-{guid('joe')}"
    assert {operation.account for operation in plan.operations} == {
        joe,
        "acc-ana",
        "acc-mia",
        "acc-lea",
    }
    assert plan.operations[1].before.active is True
    assert plan.operations[2].before.attributes == {"name.familyName": "Example"}
    assert [line.used_after for line in plan.seats] == [1, 3]
    world.apply(plan)
    assert state(world) == {**before, joe: (False, "Example", [])}


def test_it_is_pure_and_belongs_to_the_run(world: World) -> None:
    world.people[guid("lea")]["displayName"] = "Lea Leaver"
    done = applied(world)
    plan = undo_of(world, done)
    assert plan.display_names == {guid("lea"): "Lea Leaver"}
    assert plan.canonical == undo_of(world, done).canonical
    assert plan.undoes == "run1"
    assert world.plan().undoes is None
    assert b"undoes" not in world.plan().canonical


def test_only_what_was_done_is_taken_back(world: World) -> None:
    plan = world.plan()
    only = [o.index for o in plan.operations if o.kind is Kind.REVOKE]
    world.apply(plan, until=only[0] + 1)
    assert kinds(undo_of(world, plan, only[0] + 1)) == [("grant", "lea")]


def test_what_is_as_before_already_is_not_spoken_of(world: World) -> None:
    done = applied(world)
    world.apply(undo_of(world, done))
    again = undo_of(world, done)
    assert again.operations == ()
    assert "Nothing is left" in messages(again, "P12")[0]


def test_the_seat_that_one_gives_back_serves_another() -> None:
    world = World(sets=SETS, seats={"Sales": 1, "Marketing": 1})
    world.account("lea", "Sales Team")
    world.person("lea")
    world.person("joe", "Sales Team")
    assert kinds(undo_of(world, applied(world))) == [
        ("revoke", "joe"),
        ("deactivate_account", "joe"),
        ("reactivate_account", "lea"),
        ("grant", "lea"),
    ]


@pytest.mark.parametrize(("bought", "given_back"), [(2, 2), (1, 1)])
def test_as_many_get_their_seat_back_as_seats_are_given_up(bought: int, given_back: int) -> None:
    world = World(sets=SETS, seats={"Sales": 4, "Marketing": 1})
    for name in ("lea", "eva"):
        world.account(name, "Sales Team")
        world.person(name)
    for name in ("joe", "kim"):
        world.person(name, "Sales Team")
    done = applied(world)
    world.seats["Sales"] = bought
    plan = undo_of(world, done)
    assert [kind for kind, _ in kinds(plan)].count("revoke") == 2
    assert [kind for kind, _ in kinds(plan)].count("grant") == given_back
    assert [line.used_after for line in plan.seats] == [0, bought]


def test_an_account_without_a_set_is_only_made_active_again() -> None:
    world = World(sets=SETS, seats={"Sales": 1, "Marketing": 1})
    world.account("lea")
    lea = world.person("lea", accountEnabled=False)
    done = applied(world)
    world.people[lea]["accountEnabled"] = True
    plan = undo_of(world, done)
    assert kinds(plan) == [("reactivate_account", "lea")]
    assert "follow it: lea@example.org." in messages(plan, "P12")[0]


def test_whether_the_next_plans_would_do_it_again_is_told() -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9})
    world.account("mia", "Sales Team")
    mia = world.person("mia", "Marketing Team")
    done = applied(world)
    assert "follow it: mia@example.org." in messages(undo_of(world, done), "P12")[0]
    world.members = [("Sales Team", mia, "user")]
    assert "Entra ID agrees with that." in messages(undo_of(world, done), "P12")[0]


def test_a_value_that_is_put_back_is_what_the_next_plans_change_again() -> None:
    world = World()
    world.account("ana", "Sales Team", **{"name.familyName": "Maiden"})
    world.person("ana", "Sales Team")
    plan = undo_of(world, applied(world))
    assert kinds(plan) == [("update_account", "ana")]
    assert "follow it: ana@example.org." in messages(plan, "P12")[0]


def test_what_nobody_asks_for_any_more_is_taken_back_with_entra_s_consent() -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9})
    world.person("joe", "Sales Team")
    done = applied(world)
    world.members = []
    plan = undo_of(world, done)
    assert kinds(plan) == [("revoke", "joe"), ("deactivate_account", "joe")]
    assert "Entra ID agrees with that." in messages(plan, "P12")[0]


def test_it_rests_on_what_is_there_today(world: World) -> None:
    done = applied(world)
    assert undo_of(world, done).basis == world.plan().basis


def test_whoever_is_as_before_stands_in_nobody_s_way(world: World) -> None:
    done = applied(world)
    changed(world, **{"name.familyName": "Maiden"})
    assert {name for _, name in kinds(undo_of(world, done))} == {"joe", "mia", "lea"}


def test_an_account_that_does_not_say_whether_it_is_active_is(world: World) -> None:
    done = applied(world)
    changed(world, active=None)
    assert ("update_account", "ana") in kinds(undo_of(world, done))


def changed(world: World, **attributes: Any) -> None:
    world.accounts["acc-ana"] |= attributes


DRIFTS: dict[str, tuple[str, str, Callable[[World], None]]] = {
    "in another set": (
        "mia",
        'the account is in "Admins" now.',
        lambda w: w.holdings.__setitem__(slice(None), [*_without(w, "mia"), ("Admins", "acc-mia")]),
    ),
    "in no set": (
        "mia",
        "the account is in no set now.",
        lambda w: w.holdings.__setitem__(slice(None), _without(w, "mia")),
    ),
    "another account": (
        "mia",
        ": another account is linked to the user now.",
        lambda w: w.account("m2", externalId=w.accounts.pop("acc-mia")["externalId"]) and None,
    ),
    "renamed again": (
        "ana",
        "name.familyName has been changed again",
        lambda w: changed(w, **{"name.familyName": "Other"}),
    ),
    "deactivated": ("ana", "inactive now", lambda w: changed(w, active=False)),
    "account gone": ("mia", "no account", lambda w: w.accounts["acc-mia"].update(externalId=None)),
    "twice": (
        "mia",
        "several accounts",
        lambda w: w.account("m2", externalId=guid("mia")) and None,
    ),
}


def _without(world: World, name: str) -> list[tuple[str, str]]:
    return [row for row in world.holdings if row[1] != f"acc-{name}"]


@pytest.mark.parametrize("drift", DRIFTS)
def test_p13_an_account_that_is_not_as_the_run_left_it_is_left_alone(
    world: World, drift: str
) -> None:
    who, why, happen = DRIFTS[drift]
    done = applied(world)
    happen(world)
    plan = undo_of(world, done)
    (message,) = messages(plan, "P13")
    assert f"{who}@" in message
    assert why in message
    assert who not in {name for _, name in kinds(plan)}
    assert len({name for _, name in kinds(plan)}) == 3


def test_p13_a_former_name_that_another_account_has_now_is_not_put_back(world: World) -> None:
    world.accounts["acc-ana"]["userName"] = "old@example.org"
    done = applied(world)
    assert ("update_account", "ana") in kinds(undo_of(world, done))
    world.account("stranger", userName="Old@example.org")
    plan = undo_of(world, done)
    assert "another account has the user name old@example.org now" in messages(plan, "P13")[0]
    assert "ana" not in {name for _, name in kinds(plan)}


def test_p14_without_a_seat_nothing_of_the_user_is_put_back(world: World) -> None:
    done = applied(world)
    world.seats["Marketing"] = 0
    plan = undo_of(world, done)
    assert '"Marketing Team" needs a seat of Marketing' in messages(plan, "P14")[0]
    assert "lea" not in {name for _, name in kinds(plan)}
    assert ("move", "mia") in kinds(plan)


@pytest.mark.parametrize(
    ("free", "served"), [(0, set()), (1, {"ida"}), (2, {"ida", "mia"}), (3, {"ida", "mia", "eva"})]
)
def test_p14_admins_are_served_first_and_then_who_holds_a_set(free: int, served: set[str]) -> None:
    """By object ids alone eva would be the first of the three, and ida the last."""
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.settled("boss", "Admins")
    for name, held in (("eva", "Sales Team"), ("mia", "Sales Team"), ("ida", "Admins")):
        world.account(name, held)
        world.person(name)
    world.members.append(("Marketing Team", guid("mia"), "user"))
    done = applied(world)
    world.seats["Sales"] = len({"boss"}) + free
    plan = undo_of(world, done)
    assert {name for _, name in kinds(plan)} == served
    assert len(messages(plan, "P14")) == 3 - len(served)


def test_a_swap_at_full_seats_is_swapped_back() -> None:
    world = World(sets=SETS, seats={"Sales": 1, "Marketing": 1})
    world.account("ana", "Sales Team")
    world.person("ana", "Marketing Team")
    world.account("bob", "Marketing Team")
    world.person("bob", "Sales Team")
    before = state(world)
    done = applied(world)
    assert state(world) != before
    plan = undo_of(world, done)
    assert [kind for kind, _ in kinds(plan)] == ["revoke", "move", "grant"]
    assert plan.operations[0].reason == "U2"  # so that a half that fails is put back
    world.apply(plan)
    assert state(world) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"accountEnabled": False}, "is disabled in Entra ID"),
        ({"presence": "deleted"}, "was deleted in Entra ID"),
        ({"presence": "gone"}, "no longer exists in Entra ID"),
    ],
)
def test_p15_who_is_gone_or_disabled_is_given_nothing_back(
    world: World, change: dict[str, Any], why: str
) -> None:
    done = applied(world)
    world.people[guid("lea")] |= change
    world.people[guid("joe")] |= change
    plan = undo_of(world, done)
    assert f": the user {why}." in messages(plan, "P15")[0]
    assert "lea" not in {name for _, name in kinds(plan)}
    assert ("revoke", "joe") in kinds(plan)  # what is taken away needs nobody


def test_p16_who_is_not_told_to_be_enabled_is_given_nothing_back(world: World) -> None:
    done = applied(world)
    world.people[guid("lea")]["accountEnabled"] = None
    plan = undo_of(world, done)
    assert "R4" in messages(plan, "P16")[0]
    assert "lea" not in {name for _, name in kinds(plan)}


def test_u18_a_grace_restrains_what_groups_do_and_not_an_undo(world: World) -> None:
    done = applied(world)
    world.policy = {"leave_grace": "7d"}
    world.members = [row for row in world.members if row[1] != guid("joe")]
    assert "joe" not in {name for _, name in kinds(world.plan())}
    assert ("revoke", "joe") in kinds(undo_of(world, done))


def test_p16_protected_users_are_not_touched(world: World) -> None:
    done = applied(world)
    world.policy = {"protected": [guid("mia")]}
    plan = undo_of(world, done)
    assert "A17" in messages(plan, "P16")[0]
    assert "mia" not in {name for _, name in kinds(plan)}


@pytest.mark.parametrize(
    "fault",
    [
        {"complete": False, "because": "a page is missing"},
        {"exact": (Group("1", "x"), Group("2", "x"))},
    ],
)
def test_p16_a_frozen_set_has_no_operation(world: World, fault: dict[str, Any]) -> None:
    done = applied(world)
    world.reads = {"Marketing Team": fault}
    plan = undo_of(world, done)
    (cause,) = codes(plan) - {"P12", "P16"}
    assert [f"left as is ({cause} " in text for text in messages(plan, "P16")] == [True] * 2
    for operation in plan.operations:
        assert "Marketing Team" not in operation.touched


def test_p16_whoever_left_a_set_that_is_frozen_since_is_not_put_back_into_it(world: World) -> None:
    done = applied(world)
    world.seats = {"Sales": 9}  # the product of its set is bought no more
    plan = undo_of(world, done)
    (lea,) = [text for text in messages(plan, "P16") if "lea@" in text]
    assert 'set "Marketing Team" is left as is (G11 ' in lea
    assert ("grant", "lea") not in kinds(plan)


def test_a_changed_name_is_taken_back_though_the_group_of_the_users_set_is_gone() -> None:
    """What was not done to the sets of a user does not keep them from the undo."""
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.account("boss", "Admins", **{"name.familyName": "Maiden"})
    world.person("boss", "Admins")
    done = applied(world)
    world.groups = dict.fromkeys(SETS, ())
    plan = undo_of(world, done)
    assert kinds(plan) == [("update_account", "boss")]
    assert codes(plan) >= {"P12"}
    assert not codes(plan) & SKIPPED


def test_what_somebody_put_back_already_is_no_change_since(world: World) -> None:
    done = applied(world)
    world.accounts["acc-ana"]["name.familyName"] = "Maiden"
    plan = undo_of(world, done)
    assert "P13" not in codes(plan)
    assert "ana" not in {name for _, name in kinds(plan)}


def test_an_account_that_only_was_deactivated_is_reactivated() -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9})
    world.account("dan")
    world.person("dan", accountEnabled=False)
    done = applied(world)
    assert kinds(done) == [("deactivate_account", "dan")]
    world.people[guid("dan")]["accountEnabled"] = True
    (operation,) = undo_of(world, done).operations
    assert (operation.kind, operation.account) == (Kind.REACTIVATE_ACCOUNT, "acc-dan")
    assert operation.reason == "P12"


def test_p16_a_set_that_is_configured_no_more_is_left_as_is(world: World) -> None:
    done = applied(world)
    world.sets = {name: SETS[name] for name in SETS if name != "Marketing Team"}
    world.seats = {"Sales": 9}
    world.members = [row for row in world.members if row[0] != "Marketing Team"]
    plan = undo_of(world, done)
    assert all("is not configured any more" in said for said in messages(plan, "P16"))
    assert {name for _, name in kinds(plan)} == {"joe", "ana"}


def test_p16_a15_the_last_admin_stays() -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.account("asleep", "Admins", externalId=None, active=False)
    world.person("boss", "Admins")
    done = applied(world)
    plan = undo_of(world, done)
    assert plan.operations == ()
    assert "no active admin would be left (A15)" in messages(plan, "P16")[0]


@pytest.mark.parametrize(("enabled", "stays"), [(True, False), (None, True)])
def test_p16_a15_whoever_was_not_read_for_certain_counts_as_no_admin(
    enabled: bool | None, stays: bool
) -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.settled("chief", "Admins")
    boss = world.person("boss", "Admins")
    done = applied(world)
    world.people[guid("chief")]["accountEnabled"] = enabled
    assert world.held_by(boss) == ["Admins"]
    assert (undo_of(world, done).operations == ()) is stays


def test_p16_a15_the_last_admin_who_only_was_reactivated_stays() -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.account("boss", "Admins", active=False)
    world.person("boss", "Admins")
    done = applied(world)
    assert kinds(done) == [("reactivate_account", "boss")]
    plan = undo_of(world, done)
    assert plan.operations == ()
    assert "no active admin would be left (A15)" in messages(plan, "P16")[0]


def test_p16_a15_the_last_admin_who_only_was_moved_stays() -> None:
    world = World(sets=SETS, seats={"Sales": 9, "Marketing": 9}, admins=("Admins",))
    world.account("boss", "Sales Team")
    world.person("boss", "Admins")
    done = applied(world)
    assert kinds(done) == [("move", "boss")]
    plan = undo_of(world, done)
    assert plan.operations == ()
    assert "no active admin would be left (A15)" in messages(plan, "P16")[0]


def test_r10_guards_who_becomes_an_admin_again(world: World) -> None:
    world.policy = {"max_admin_grants": 0}
    world.account("old", "Admins")
    world.person("old")
    plan = undo_of(world, applied(world))
    assert "R10" in {verdict.code for verdict in plan.objections}


def test_p17_what_had_no_value_cannot_be_emptied(world: World) -> None:
    world.accounts["acc-ana"] |= {"name.familyName": None, "name.givenName": None}
    plan = undo_of(world, applied(world))
    assert "name.givenName, name.familyName had no value before" in messages(plan, "P17")[0]
    assert "ana" not in {name for _, name in kinds(plan)}


def test_what_has_no_value_again_is_not_spoken_of(world: World) -> None:
    world.accounts["acc-ana"]["name.familyName"] = None
    done = applied(world)
    world.accounts["acc-ana"]["name.familyName"] = None
    assert "ana@" not in str([found.message for found in undo_of(world, done).findings])


def test_p17_links_stay(world: World) -> None:
    world.account("hal", "Sales Team", externalId=None)
    world.person("hal", "Sales Team")
    plan = undo_of(world, applied(world))
    assert "link" in messages(plan, "P17")[0]
    assert "hal" not in {name for _, name in kinds(plan)}


def test_p17_nobody_is_put_back_into_two_sets(world: World) -> None:
    world.account("two", "Sales Team", "Marketing Team")
    world.person("two", "Sales Team")
    plan = undo_of(world, applied(world))
    assert "would be in several sets, and the vendor allows one" in messages(plan, "P17")[0]
    assert "two" not in {name for _, name in kinds(plan)}


def test_p17_groups_of_sets_stay(world: World) -> None:
    world.groups = {}
    plan = undo_of(world, applied(world))
    assert "the group of a set is never deleted" in messages(plan, "P17")[0]


def test_u17_keeps_groups_from_going_to_and_fro_and_not_a_decision(world: World) -> None:
    done = applied(world)
    world.memory["flapping"] = frozenset({guid("joe"), guid("lea")})
    assert {name for _, name in kinds(undo_of(world, done))} == {"joe", "ana", "mia", "lea"}


def test_p4_who_receives_something_is_asked_for_once_more(world: World) -> None:
    plan = undo_of(world, applied(world))
    world.people[guid("lea")]["accountEnabled"] = False
    world.people[guid("mia")]["presence"] = "deleted"
    now = evaluation_of(world.settings(), world.snapshot(), PlanContext(plan.id, NOW, "test"))
    assert source_drift(plan, now) == {
        guid("lea"): "the user is disabled in Entra ID",
        guid("mia"): "the user was deleted in Entra ID",
    }


def test_what_a_run_did_to_a_user_is_one_deed(world: World) -> None:
    deeds = {deed.subject.id: deed for deed in run_effects_of(world.plan().operations)}
    joe = deeds[guid("joe")]
    assert (joe.active_before, joe.active_after) == (False, True)
    assert (joe.sets_before, joe.sets_after) == ((), ("Sales Team",))
    ana = deeds[guid("ana")]
    assert (ana.before, ana.after) == (
        {"name.familyName": "Maiden"},
        {"name.familyName": "Example"},
    )


@given(worlds())
def test_everybody_is_as_before_or_told_and_the_vendor_refuses_nothing(world: World) -> None:
    before, links = held(world), {key: row["externalId"] for key, row in world.accounts.items()}
    done = applied(world)
    plan = undo_of(world, done)
    world.apply(plan)
    told = {f.subject.id for f in plan.findings if f.code in SKIPPED}
    for operation in done.operations:
        user = operation.subject.id
        if operation.subject.kind == "user" and user not in told:
            assert held(world).get(user, []) == before.get(user, [])
    created = {key for key in world.accounts if key not in links}
    for key in created:
        told_of = str(world.accounts[key]["externalId"]) in told
        assert told_of or world.accounts[key]["active"] is False


def held(world: World) -> dict[str, list[str]]:
    sets: dict[str, list[str]] = {}
    for name, account in sorted(world.holdings):
        sets.setdefault(str(world.accounts[account]["externalId"]), []).append(name)
    return sets
