"""Whom the configuration names stays who it is, whatever becomes of the name."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.worlds.world import World, codes, guid, kinds, messages, names

CEO = guid("ceo")
TOMBSTONE = f"{CEO.replace('-', '')}ceo@example.org"
OTHERS = ("ann", "bea", "cleo", "dora")


def company(**settings: Any) -> World:
    """The chief, who is protected by name, holds a set; and some who are as they should be."""
    world = World(policy={"protected": ["CEO@example.org"]}, **settings)
    for name in ("ceo", *OTHERS):
        world.settled(name, "Sales Team")
    world.keep(world.plan())
    return world


def leaves(world: World, **told: Any) -> None:
    """Out of every group, and this is what Entra says of the chief now."""
    world.members = [row for row in world.members if row[1] != CEO]
    world.people[CEO] |= told


FATES: dict[str, dict[str, Any]] = {
    "renamed": {"userPrincipalName": "boss@example.org", "mail": "boss@example.org"},
    "deleted": {"presence": "deleted", "userPrincipalName": TOMBSTONE},
    "gone": {"presence": "gone", "userPrincipalName": None, "mail": None, "accountEnabled": None},
    "renamed and deleted": {
        "presence": "deleted",
        "userPrincipalName": TOMBSTONE.replace("ceo@", "boss@"),
    },
    "disabled": {"accountEnabled": False},
}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("lost", ["", "the store", "the account's name"])
def test_a17_who_was_protected_by_name_stays_so(fate: str, lost: str) -> None:
    """The store knows whose name it was, and so does the account; one of both is enough."""
    world = company()
    leaves(world, **FATES[fate])
    if lost == "the store":
        world.memory["named"] = {}
    if lost == "the account's name":
        world.accounts["acc-ceo"]["userName"] = "chief@example.org"
    plan = world.plan()
    assert plan.operations == ()
    assert "A17" in codes(plan)
    assert "R24" not in codes(plan)


def restored(world: World) -> None:
    back = {"presence": "present", "userPrincipalName": "boss@example.org", "accountEnabled": True}
    world.people[CEO] |= back


def at_the_vendor(**attributes: Any) -> Callable[[World], None]:
    return lambda world: world.accounts.get("acc-ceo", {}).update(attributes)


def account_deleted(world: World) -> None:
    world.accounts.pop("acc-ceo", None)
    world.holdings = [row for row in world.holdings if row[1] != "acc-ceo"]


STEPS: list[Callable[[World], None]] = [
    *(partial(leaves, **told) for told in FATES.values()),
    restored,
    leaves,
    lambda world: world.members.append(("Sales Team", CEO, "user")),
    at_the_vendor(userName="chief@example.org"),
    at_the_vendor(externalId=None),
    at_the_vendor(active=False),
    account_deleted,
]


@given(st.lists(st.sampled_from(range(len(STEPS))), min_size=1, max_size=4))
def test_a17_whatever_happens_to_the_protected_one_after_another(steps: list[int]) -> None:
    world = company()
    for step in steps:
        STEPS[step](world)
        plan = world.plan()
        assert CEO not in {operation.subject.id for operation in plan.operations}
        assert "acc-ceo" not in {operation.account for operation in plan.operations}
        world.apply(plan)


def test_a17_a_deleted_user_is_known_by_the_former_name_alone() -> None:
    """The store is new, and the account is called otherwise."""
    world = company()
    leaves(world, **FATES["deleted"])
    world.memory["named"] = {}
    world.accounts["acc-ceo"]["userName"] = "chief@example.org"
    assert world.plan().operations == ()


def test_a17_with_neither_store_nor_name_nobody_could_know() -> None:
    """The tests above would pass anyway if nothing were taken from anybody."""
    world = company()
    leaves(world, **FATES["gone"])
    world.memory["named"] = {}
    world.accounts["acc-ceo"]["userName"] = "chief@example.org"
    plan = world.plan()
    assert kinds(plan) == [("revoke", CEO), ("deactivate_account", CEO)]
    assert "R24" in codes(plan)


def test_only_the_users_own_digits_are_taken_off_a_name() -> None:
    """A protected name behind the digits of somebody else's id is somebody else's name."""
    world = company()
    digits = guid("ann").replace("-", "")
    world.person("eve", presence="deleted", userPrincipalName=f"{digits}ceo@example.org")
    world.account("eve", "Sales Team", userName="eve@example.org")
    assert kinds(world.plan())[0] == ("revoke", f"{digits}ceo")


@pytest.mark.parametrize("upper", [False, True])
def test_no_deleted_users_tombstone_is_shown(upper: bool) -> None:
    world = World()
    world.settled("ann", "Sales Team")
    name = f"{guid('dan').replace('-', '')}dan@example.org"
    world.account("dan", "Sales Team")
    world.person("dan", presence="deleted", userPrincipalName=name.upper() if upper else name)
    plan = world.plan()
    shown = {o.subject.name for o in plan.operations} | {f.subject.name for f in plan.findings}
    assert ("DAN@EXAMPLE.ORG" if upper else "dan@example.org") in shown
    assert guid("dan").replace("-", "") not in plan.canonical.decode().lower()


def test_a_name_that_is_no_tombstone_stays_whole() -> None:
    """Such as of somebody deleted whom an export shows by the former name already."""
    world = World()
    world.account("dan", "Sales Team")
    world.person("dan", presence="deleted")
    assert {o.subject.name for o in world.plan().operations} == {"dan@example.org"}


def test_r24_a_name_that_was_handed_on_means_both() -> None:
    world = company()
    world.people[CEO]["userPrincipalName"] = "boss@example.org"
    world.person("heir", userPrincipalName="ceo@example.org")
    world.account("heir", "Sales Team", userName="heir@example.org")
    leaves(world)
    plan = world.plan()
    assert plan.operations == ()
    assert messages(plan, "R24") == [
        "policy.protected: ceo@example.org means 2 users, today or in earlier plans: "
        "boss@example.org, ceo@example.org. All of them are meant now."
    ]


def test_r24_an_account_and_a_user_of_the_name_are_both_meant() -> None:
    world = World(policy={"protected": ["ceo@example.org"]})
    world.account("ann", "Sales Team", userName="ceo@example.org")
    world.person("ann")
    world.settled("ceo", "Sales Team")
    assert world.plan().operations == ()
    (message,) = messages(world.plan(), "R24")
    assert "ann@example.org, ceo@example.org" in message


@pytest.mark.parametrize("key", ["protected", "served_first"])
@pytest.mark.parametrize(
    ("slip", "hint"),
    [
        ("cleo@exmaple.org", "; did you mean cleo@example.org?"),
        ("Cloe@example.org", "; did you mean cleo@example.org?"),
        ("nobody@elsewhere.example", "."),
    ],
)
def test_r24_a_name_of_nobody_is_told_with_the_one_that_may_be_meant(
    key: str, slip: str, hint: str
) -> None:
    world = company()
    world.policy = {key: [slip]}
    assert messages(world.plan(), "R24") == [
        f"policy.{key}: {slip.lower()} matches nobody in the groups and no account at the "
        f"vendor{hint}"
    ]
    assert "R24" not in {verdict.code for verdict in world.plan().verdicts}


def test_r24_a_misspelt_id_is_a_name_of_nobody_as_well() -> None:
    world = World(policy={"protected": [guid("nobody")]})
    world.settled("ann", "Sales Team")
    assert len(messages(world.plan(), "R24")) == 1


def test_r24_says_nothing_of_whom_an_earlier_plan_knew() -> None:
    """The chief is out of every group and has no account any more; the name is right."""
    world = company()
    leaves(world)
    del world.people[CEO], world.accounts["acc-ceo"]
    world.holdings = [row for row in world.holdings if row[1] != "acc-ceo"]
    assert codes(world.plan()) == set()


def test_r24_says_nothing_of_an_account_of_nobody() -> None:
    world = World(policy={"protected": ["robot@example.org"]})
    world.account("robot", "Sales Team", externalId=None)
    assert codes(world.plan()) == {"A10"}


def test_r24_says_nothing_of_an_operator_whom_the_vendor_does_not_show() -> None:
    world = World(vendor={"operator": "token@example.org"})
    world.settled("ann", "Sales Team")
    assert codes(world.plan()) == set()


def test_a16_the_operator_stays_it_when_its_user_is_renamed() -> None:
    world = World(vendor={"operator": "robot@example.org"})
    world.settled("robot", "Sales Team")
    world.settled("ann", "Sales Team")
    world.keep(world.plan())
    world.people[guid("robot")] |= {"userPrincipalName": "r2@example.org", "mail": "r2@example.org"}
    world.accounts["acc-robot"]["userName"] = "r3@example.org"
    assert world.plan().operations == ()
    assert codes(world.plan()) == {"A16"}


def test_who_was_served_first_by_name_is_so_after_a_rename() -> None:
    first, vip = sorted(("ann", "bob"), key=guid)
    world = World(seats={"Sales": 0}, policy={"served_first": [f"{vip}@example.org"]})
    for name in (first, vip):
        world.person(name, "Sales Team")
    world.keep(world.plan())
    world.people[guid(vip)]["userPrincipalName"] = "zed@example.org"
    assert names(world.plan().waiting) == ["zed", first]
    world.memory["named"], world.waits = {}, []
    assert names(world.plan().waiting) == [first, "zed"]


def test_whom_names_mean_is_remembered_by_object_id() -> None:
    world = company()
    assert world.memory["named"] == {"ceo@example.org": (CEO,)}
    world.people[CEO]["userPrincipalName"] = "boss@example.org"
    world.person("heir", "Sales Team", userPrincipalName="ceo@example.org")
    assert world.knowledge().named == {"ceo@example.org": tuple(sorted((CEO, guid("heir"))))}


def test_a_name_that_is_configured_no_more_is_forgotten() -> None:
    world = company()
    world.policy = {}
    assert world.knowledge().named == {}


def test_a_deleted_users_former_name_is_remembered_too() -> None:
    world = company()
    world.memory["named"] = {}
    leaves(world, **FATES["deleted"])
    world.accounts["acc-ceo"]["userName"] = "chief@example.org"
    assert world.knowledge().named == {"ceo@example.org": (CEO,)}
