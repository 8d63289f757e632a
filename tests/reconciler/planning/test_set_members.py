"""The members of a set add up: people who may hold a seat, and who else is in the group."""

from reconciler.model.plan import SetMembers
from support.worlds.world import World, guid


def test_everybody_in_a_group_is_counted_once_and_as_what_they_are() -> None:
    world = World(
        sets={"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Empty": ["Sales"]},
        seats={"Sales": 2, "Marketing": 9},
    )
    world.settled("holder", "Sales Team")
    world.person("joiner", "Sales Team")
    world.person("waits", "Sales Team")
    world.person("guest", "Sales Team", userType="Guest")
    world.account("disabled", "Sales Team")
    world.person("disabled", "Sales Team", accountEnabled=False)
    world.person("twice", "Sales Team", "Marketing Team")
    world.members += [
        ("Sales Team", guid("printer"), "device"),
        ("Sales Team", guid("inner"), "group"),
        ("Sales Team", guid("unread"), "user"),
    ]
    plan = world.plan()
    assert plan.members == (
        SetMembers(
            set="Sales Team",
            people=3,
            others={"U1": 1, "U9": 1, "U13": 1, "U14": 1, "U15": 1, "U16": 1},
        ),
        SetMembers(set="Marketing Team", people=0, others={"U1": 1}),
    )
    in_sales = [one for one in world.members if one[0] == "Sales Team"]
    assert plan.members[0].people + sum(plan.members[0].others.values()) == len(in_sales)


def test_a_plan_without_members_has_the_bytes_of_one_that_knew_none() -> None:
    assert b'"members"' not in World().plan().canonical
