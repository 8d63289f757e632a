"""Situations of groups and sets: whatever is wrong with a set, nobody in it is changed."""

import pytest

from reconciler.facts.set_bindings import configuration_findings, groups_in_order, sets_in_step
from reconciler.model.group_read import Group, GroupRead
from reconciler.model.known_sets import KnownSet
from reconciler.model.plan import Outcome
from support.worlds.world import NOW, World, codes, guid, kinds, messages


def a_set_in_trouble(**reads: object) -> World:
    """ana holds a seat that they would lose, and bob wants one, were the set not frozen."""
    world = World(reads={"Sales Team": reads})
    world.account("ana", "Sales Team")
    world.person("ana")
    world.person("bob", "Sales Team")
    return world


FROZEN = {
    "R2": {"complete": False, "because": "page 3 of ? is missing"},
    "G1": {"exact": ()},
    "G2": {"exact": (), "near": (Group("1", "Sales-Team"),)},
    "G3": {"exact": (Group("1", "Sales Team"), Group("2", "Sales Team"))},
    "G8": {"exact": (), "deleted": Group("1", "Sales Team", deleted_at=NOW)},
    "G9": {"exact": (Group("1", "Sales Team", rule_processing="Paused"),)},
    "R5": {"hidden": True, "complete": False, "because": "403"},
}


@pytest.mark.parametrize("code", FROZEN)
def test_r2_r5_g1_g2_g3_g8_g9_a_set_whose_group_was_not_read_is_frozen(code: str) -> None:
    plan = a_set_in_trouble(**FROZEN[code]).plan()

    assert plan.operations == ()
    assert len(messages(plan, code)) == 1
    assert plan.seats[0].used_after == plan.seats[0].used_before == 1


@pytest.mark.parametrize("code", FROZEN)
def test_nobody_moves_into_a_frozen_set(code: str) -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]},
        seats={"Sales": 9, "Talent": 9},
        reads={"Sales Team": FROZEN[code]},
    )
    world.account("ana", "Talent Team")
    world.person("ana", "Sales Team")
    assert world.plan().operations == ()


@pytest.mark.parametrize("code", FROZEN)
def test_an_account_that_is_nobodys_freezes_nobody_with_it(code: str) -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]},
        seats={"Sales": 9, "Talent": 9},
        reads={"Sales Team": FROZEN[code]},
    )
    world.account("machine", "Sales Team", externalId=None)
    world.person("ana", "Talent Team")
    assert ("grant", "ana") in kinds(world.plan())


def test_nobody_loses_a_second_set_while_a_group_hides_who_moved_into_it() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Second": ["Sales"], "Hidden": ["Sales"]},
        reads={"Hidden": FROZEN["R2"]},
    )
    world.account("ana", "Sales Team", "Second")
    world.person("ana", "Sales Team")
    assert world.plan().operations == ()
    world.reads = {}
    assert kinds(world.plan()) == [("revoke", "ana")]


def test_g9_of_one_group_the_graver_fault_alone_is_told() -> None:
    odd = Group("1", "Sales Team", security_enabled=False, rule_processing="Paused")
    assert len(messages(a_set_in_trouble(exact=(odd,)).plan(), "G9")) == 1


def test_g2_a_near_miss_names_the_character_and_the_group() -> None:
    plan = a_set_in_trouble(**FROZEN["G2"]).plan()
    assert codes(plan) == {"G2", "R19"}  # there is no other set
    assert messages(plan, "G2") == [
        'Set "Sales Team" is not group "Sales-Team": they differ at character 6, '
        '"-" there and " " here. Nobody in the set is changed, nor whoever left another set, for '
        "they may be in this one."
    ]


def test_g1_groups_that_only_begin_alike_are_no_near_miss() -> None:
    plan = a_set_in_trouble(exact=(), near=(Group("1", "Sales Engineering"),)).plan()
    assert codes(plan) == {"G1", "R19"}


def test_g3_a_pin_chooses_among_groups_of_one_name() -> None:
    world = a_set_in_trouble(**FROZEN["G3"], pinned=Group(guid("pin"), "Sales Team"))
    world.pins = {"Sales Team": guid("pin")}
    assert "G3" not in codes(world.plan())
    assert ("revoke", "ana") in kinds(world.plan())


def test_g6_a_pinned_group_that_was_renamed_freezes_the_set() -> None:
    world = a_set_in_trouble(exact=(), pinned=Group(guid("pin"), "Sales"))
    world.pins = {"Sales Team": guid("pin")}
    assert codes(world.plan()) == {"G6"}
    assert world.plan().operations == ()


def test_g7_another_group_of_the_pinned_ones_name_is_not_followed() -> None:
    world = a_set_in_trouble()
    world.pins = {"Sales Team": guid("gone")}
    assert codes(world.plan()) == {"G7", "R19"}
    assert world.plan().operations == ()


def test_g4_confusable_names_warn_and_the_exact_one_is_used() -> None:
    world = World(sets={"NA Sales": ["Sales"], "NA-Sales": ["Sales"]})
    world.person("ana", "NA Sales")
    plan = world.plan()
    assert codes(plan) == {"G4"}
    assert ("grant", "ana") in kinds(plan)


@pytest.mark.parametrize("name", ["Sales\tTeam", "Sales Team ", "Sales\u00a0Team"])
def test_g5_a_name_that_the_guide_admits_but_nobody_can_type_is_frozen(name: str) -> None:
    world = World(sets={name: ["Sales"]})
    world.person("ana", name)
    assert codes(world.plan()) == {"G5"}
    assert world.plan().operations == ()


def test_g11_a_product_that_was_not_bought_freezes_its_sets_only() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Talent"]}, seats={"Sales": 10})
    world.person("ana", "Sales Team")
    world.person("bob", "Talent Team")
    plan = world.plan()
    assert codes(plan) == {"G11"}
    assert kinds(plan) == [("create_account", "ana"), ("grant", "ana")]


def test_g10_a_set_that_grants_nothing_is_frozen_unless_it_makes_admins() -> None:
    world = World(sets={"Portal": [], "Sales Team": ["Sales"]})
    world.person("ana", "Portal")
    assert codes(world.plan()) == {"G10"}
    world.admins = ("Portal",)
    assert codes(world.plan()) == set()
    assert ("grant", "ana") in kinds(world.plan())


def test_a_group_that_the_vendor_lacks_is_created_before_its_first_member() -> None:
    world = World(groups={})
    world.person("ana", "Sales Team")
    plan = world.plan()
    assert [kind for kind, _ in kinds(plan)] == ["create_set_group", "create_account", "grant"]
    assert plan.operations[2].needs == (0, 1)
    assert [operation.takes for operation in plan.operations] == [(), (), ("Sales",)]
    assert [operation.frees for operation in plan.operations] == [(), (), ()]


def test_g18_it_is_said_that_nothing_tells_whether_the_portal_has_the_set() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Empty": ["Sales"]}, groups={})
    world.person("ana", "Sales Team")
    plan = world.plan()
    assert [o.reason for o in plan.operations if o.subject.kind == "set"] == ["G18"]
    (told,) = (found for found in plan.findings if found.code == "G18")
    assert told.subject.name == "Sales Team"
    assert "its seats were not verified there" in told.message
    assert "Create the set in the portal first" in told.advice
    world.apply(plan)
    assert "G18" not in codes(world.plan())


def test_v21_where_a_group_needs_a_member_whoever_joins_makes_it() -> None:
    world = World()
    world.groups = {}
    world.person("ana", "Sales Team")
    world.habits = {"empty_groups": False}
    plan = world.plan()
    assert [operation.kind for operation in plan.operations] == ["create_account", "grant"]
    assert {"G18", "V21"} <= set(codes(plan))


def test_g12_two_vendor_groups_of_one_name_freeze_the_set() -> None:
    world = World(groups={"Sales Team": ("g1", "g2")})
    world.person("ana", "Sales Team")
    assert codes(world.plan()) == {"G12"}
    assert world.plan().operations == ()


def test_a_frozen_set_leaves_the_others_alone() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        reads={"Sales Team": FROZEN["R2"]},
    )
    world.account("ana", "Sales Team")
    world.person("ana", "Night Shift")  # a move out of a set that was not read
    world.person("bob", "Night Shift")
    assert kinds(world.plan()) == [("create_account", "bob"), ("grant", "bob")]


def test_who_left_another_set_may_be_in_the_one_that_was_not_read() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        reads={"Sales Team": FROZEN["R2"]},
    )
    world.sets["Day Shift"] = ["Sales"]
    world.account("cyd", "Night Shift")
    world.person("cyd", "Day Shift")  # and perhaps in Sales Team as well
    world.account("dan")
    world.person("dan")  # has no seat, and would only be deactivated
    world.account("ana", "Night Shift")
    world.person("ana")  # they moved into Sales Team, but its page is missing
    world.account("bob", "Night Shift")
    world.person("bob", accountEnabled=False)  # this is known without any group
    assert kinds(world.plan()) == [("revoke", "bob"), ("deactivate_account", "bob")]


@pytest.mark.parametrize("code", FROZEN)
def test_r2_r5_g1_g2_g3_g8_g9_whoever_left_another_set_may_be_in_one_of_unknown_members(
    code: str,
) -> None:
    world = who_left_another_set(FROZEN[code])
    assert world.plan().operations == ()
    world.reads = {}
    assert kinds(world.plan()) == [("revoke", "ana"), ("deactivate_account", "ana")]


def test_g7_so_may_whoever_left_another_set_be_in_a_group_that_is_not_the_one_of_before() -> None:
    world = who_left_another_set({})
    world.memory["sets"] = {"Sales Team": KnownSet(("Sales",), group_id=guid("old"))}
    assert world.plan().operations == ()


def test_g6_a_renamed_group_was_read_and_hides_nobody() -> None:
    world = who_left_another_set({"exact": (), "pinned": Group(guid("pin"), "Sales")})
    world.pins = {"Sales Team": guid("pin")}
    assert ("revoke", "ana") in kinds(world.plan())


@pytest.mark.parametrize(
    ("code", "sets", "trouble"),
    [
        ("G5", {"Sales Team ": ["Sales"]}, {}),
        ("G10", {"Sales Team": []}, {}),
        ("G11", {"Sales Team": ["Talent"]}, {}),
        ("G6", {"Sales Team": ["Sales"]}, {"pinned": Group(guid("pin"), "Sales")}),
    ],
)
def test_a_set_that_is_frozen_for_another_reason_first_hides_its_members_all_the_same(
    code: str, sets: dict[str, list[str]], trouble: dict[str, object]
) -> None:
    (name,) = sets
    world = World(
        sets={"Night Shift": ["Sales"], **sets},
        reads={name: {"complete": False, "because": "page 2", **trouble}},
        pins={name: guid("pin")} if trouble else {},
    )
    world.account("ana", "Night Shift")
    world.person("ana")
    plan = world.plan()
    assert plan.operations == ()
    assert {code, "R2"} <= codes(plan)
    world.reads = {name: trouble}
    assert ("revoke", "ana") in kinds(world.plan())


def test_what_hides_a_set_s_members_is_told_once_where_it_freezes_the_set_as_well() -> None:
    plan = who_left_another_set(FROZEN["G1"]).plan()
    assert [(f.code, f.subject.name) for f in plan.findings if f.code != "R8"] == [
        ("G1", "Sales Team")
    ]


def who_left_another_set(read: dict[str, object]) -> World:
    """ana holds Night Shift and left its group, where the group of Sales Team is `read` so."""
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]}, reads={"Sales Team": read}
    )
    world.account("ana", "Night Shift")
    world.person("ana")
    return world


@pytest.mark.parametrize(
    ("attribute", "why"),
    [({"security_enabled": False}, "not security-enabled"), ({"role_assignable": True}, "roles")],
)
def test_g9_other_types_are_told_and_read_as_usual(attribute: dict[str, bool], why: str) -> None:
    world = World(reads={"Sales Team": {"exact": (Group("1", "Sales Team", **attribute),)}})
    world.person("ana", "Sales Team")
    plan = world.plan()
    assert why in messages(plan, "G9")[0]
    assert ("grant", "ana") in kinds(plan)


def test_g17_two_sets_bound_to_one_group_are_both_frozen() -> None:
    one = Group(guid("one"), "Sales Team")
    world = World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        reads={"Night Shift": {"exact": (), "pinned": one}, "Sales Team": {"exact": (one,)}},
        pins={"Night Shift": guid("one")},
    )
    world.person("ana", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert len(messages(plan, "G17")) == 2


def before(**sets: KnownSet) -> dict[str, object]:
    """What the latest plan knew, by names with spaces written as underscores."""
    return {"sets": {name.replace("_", " "): known for name, known in sets.items()}}


def test_g7_a_new_group_of_an_old_name_is_not_followed_until_it_is_pinned() -> None:
    world = a_set_in_trouble(exact=(Group(guid("new"), "Sales Team"),))
    world.memory = before(Sales_Team=KnownSet(("Sales",), group_id=guid("old")))
    plan = world.plan()
    assert plan.operations == ()
    assert guid("new") in messages(plan, "G7")[0]

    world.pins = {"Sales Team": guid("new")}
    world.reads["Sales Team"]["pinned"] = Group(guid("new"), "Sales Team")
    assert ("revoke", "ana") in kinds(world.plan())


def test_g14_of_two_former_names_of_a_group_the_first_one_counts() -> None:
    group = guid("Sales Team")
    former = {name: KnownSet(("Sales",), group_id=group) for name in ("Beta", "Alpha", "Gamma")}
    told = messages(World(memory=before(**former)).plan(), "G14")
    assert [message.partition(" is now")[0] for message in told] == ['Set "Alpha"']


def removed_set() -> World:
    """Night Shift was configured, and ana holds it still."""
    world = World(memory=before(Night_Shift=KnownSet(("Sales",))))
    world.account("ana", "Night Shift")
    world.person("ana")
    world.settled("bob", "Sales Team")
    return world


def test_g13_a_removed_set_is_held_until_somebody_agrees() -> None:
    plan = removed_set().plan()
    assert kinds(plan) == [("revoke", "ana"), ("deactivate_account", "ana")]
    assert plan.operations[0].lost == ("Night Shift",)
    assert [(v.code, v.outcome) for v in plan.objections] == [("G13", Outcome.HELD)]
    assert plan.objections[0].message == (
        'Set "Night Shift" is not configured any more, and 1 user holds its seats. '
        "Their revokes are held."
    )


def test_g13_its_seats_stay_counted_and_whoever_moves_loses_nothing() -> None:
    world = removed_set()
    world.members.append(("Sales Team", guid("ana"), "user"))
    plan = world.plan()
    assert kinds(plan) == [("move", "ana")]
    assert plan.seats[0].used_before == plan.seats[0].used_after == 2
    assert plan.objections == ()


def test_a_set_that_nobody_holds_any_more_is_forgotten() -> None:
    world = removed_set()
    world.holdings = [("Sales Team", "acc-bob")]
    assert "Night Shift" not in world.knowledge().sets
    assert "Night Shift" in removed_set().knowledge().sets


def renamed_set(**groups: tuple[str, ...]) -> World:
    """The set was called Old Team when the same group was bound to it."""
    world = World(
        groups={name.replace("_", " "): ids for name, ids in groups.items()},
        memory=before(Old_Team=KnownSet(("Sales",), group_id=guid("Sales Team"))),
    )
    world.account("ana", "Old Team")
    world.person("ana", "Sales Team")
    world.account("bob", "Old Team")
    world.person("bob")
    return world


def test_g14_a_renamed_set_keeps_its_seats_and_waits_for_the_vendor() -> None:
    plan = renamed_set(Old_Team=("g1",)).plan()
    assert plan.operations == ()
    assert codes(plan) == {"G14", "G12"}
    assert 'the vendor still calls it "Old Team"' in messages(plan, "G12")[0]
    assert plan.seats[0].used_before == 2
    assert plan.objections == ()


def test_g14_whoever_holds_the_old_set_moves_once_the_new_one_is_there() -> None:
    plan = renamed_set(Old_Team=("g1",), Sales_Team=("g2",)).plan()
    assert kinds(plan) == [("revoke", "bob"), ("deactivate_account", "bob"), ("move", "ana")]
    assert plan.operations[2].takes == plan.operations[2].frees == ()
    assert codes(plan) == {"G14", "U2", "U3"}


def test_g15_a_product_taken_out_of_a_set_frees_its_seats_without_any_operation() -> None:
    world = World(
        sets={"New Team": ["Sales"], "Sales Team": ["Sales"]},
        memory=before(Sales_Team=KnownSet(("Sales", "Talent"))),
    )
    world.settled("ana", "Sales Team")
    world.settled("bob", "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert messages(plan, "G15") == [
        'Talent was removed from "Sales Team": 2 seats come free. Nobody is changed.'
    ]


def test_g16_a_product_added_to_a_set_is_held_at_once_and_a_shortage_is_told() -> None:
    world = World(
        sets={"Sales Team": ["Sales", "Talent"]},
        seats={"Sales": 5, "Talent": 1},
        memory=before(Sales_Team=KnownSet(("Sales",))),
    )
    for name in ("ana", "bob", "cyd"):
        world.settled(name, "Sales Team")
    plan = world.plan()
    assert plan.operations == ()
    assert messages(plan, "G16") == [
        '"Sales Team" now includes Talent, which its 3 members hold from now on; 2 seats of '
        "Talent too few."
    ]
    assert [line.used_before for line in plan.seats] == [3, 3]


def test_g16_every_product_of_which_there_are_too_few_is_named() -> None:
    world = World(
        sets={"Sales Team": ["Sales", "Talent", "Chat", "Mail"]},
        seats={"Sales": 5, "Talent": 1, "Chat": 0, "Mail": 2},
        memory=before(Sales_Team=KnownSet(("Sales",))),
    )
    for name in ("ana", "bob"):
        world.settled(name, "Sales Team")
    (message,) = messages(world.plan(), "G16")
    assert message.endswith("; 2 seats of Chat too few, 1 seat of Talent too few.")


def test_g16_with_enough_seats_it_is_only_said() -> None:
    world = World(
        sets={"Sales Team": ["Sales", "Talent", "Marketing"]},
        seats={"Sales": 5, "Talent": 5, "Marketing": 5},
        memory=before(Sales_Team=KnownSet(("Sales",))),
    )
    world.settled("ana", "Sales Team")
    world.settled("bob", "Sales Team")
    assert messages(world.plan(), "G16") == [
        '"Sales Team" now includes Talent, Marketing, which its 2 members hold from now on.'
    ]


def test_r8_a_group_that_always_was_empty_is_no_trouble() -> None:
    plan = World().plan()
    assert [finding.code for finding in plan.findings] == ["R8"]
    assert plan.objections == ()


def test_only_a_set_without_trouble_is_in_step() -> None:
    world = World(
        sets={
            "Sales Team": ["Sales"],
            "Night Shift": ["Sales"],
            "Waiting": ["Talent"],
            "Growing": ["Sales"],
            "Empty": ["Sales"],
        },
        seats={"Sales": 10, "Talent": 0},
        reads={"Night Shift": FROZEN["R2"]},
    )
    world.settled("ana", "Sales Team")
    world.person("bob", "Waiting")
    world.person("cyd", "Growing")
    plan, sets = world.plan(), world.settings().subscription_sets
    assert sets_in_step(plan, sets, plan.operations) == ("Sales Team", "Empty")
    assert sets_in_step(plan, sets, []) == ("Sales Team", "Growing", "Empty")


def test_the_configuration_alone_tells_what_the_plan_tells_where_every_group_is_right() -> None:
    world = World(
        sets={"NA Sales": ["Sales"], "NA-Sales": ["Sales"], "Talent\tTeam": ["Talent"]},
        seats={"Sales": 10, "Talent": 10},
    )
    for at, name in enumerate(world.sets):
        world.settled(f"user{at}", name)
    told = configuration_findings(world.settings())
    assert {finding.code for finding in told} == {"G4", "G5"}
    assert set(told) == {one for one in world.plan().findings if one.subject.kind == "set"}


def test_g17_the_configuration_alone_tells_of_two_sets_with_one_pinned_group() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Second": ["Sales"]})
    world.pins = dict.fromkeys(world.sets, guid("pin"))
    told = configuration_findings(world.settings())
    assert {(finding.code, finding.subject.name) for finding in told} == {
        ("G17", "Sales Team"),
        ("G17", "Second"),
    }


def test_a_group_that_is_right_has_the_sets_name_and_the_pinned_id() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Second": ["Sales"]})
    world.pins = {"Second": guid("pin")}
    sales, second = Group("Sales Team", "Sales Team"), Group(guid("pin"), "Second")
    assert groups_in_order(world.settings()) == (
        GroupRead("Sales Team", (sales,)),
        GroupRead("Second", (second,), pinned=second),
    )
