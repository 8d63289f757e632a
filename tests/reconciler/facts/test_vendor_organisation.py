"""T7: which organisation of the vendor this is, by what the store knows of it."""

import re

import pytest

from reconciler.model.known_sets import KnownSet
from reconciler.no_plan import NoPlan
from support.worlds.world import World, guid, kinds


@pytest.mark.parametrize(
    ("what", "theirs", "ours"),
    [
        ("tenant_id", "another tenant", guid("tenant")),
        ("vendor", "https://x.example", "https://vendor.example/scim/v2"),
    ],
)
def test_t7_a_store_serves_one_tenant_and_one_vendor(what: str, theirs: str, ours: str) -> None:
    words = f"This store belongs to {theirs}, and the configuration names {ours}."
    with pytest.raises(NoPlan, match=re.escape(words)) as caught:
        World(memory={what: theirs}).plan()
    assert caught.value.finding.code == "T7"


def objections(world: World) -> set[str]:
    return {verdict.code for verdict in world.plan().objections}


def known(*names: str, **changes: str) -> World:
    """The store knows these people's accounts, and the vendor has others."""
    world = World(
        links={guid(name): f"acc-{name}" for name in names},
        activations={guid(name): last for name, last in changes.items()},
    )
    for name in (*names, "zoe"):
        world.person(name, "Sales Team")
    world.account("stranger", externalId="x", userName="x@elsewhere.example")
    return world


def test_t7_a_vendor_that_shows_no_known_account_is_another_organisation() -> None:
    words = (
        "The vendor at https://vendor.example/scim/v2 shows none of the accounts (3) that this "
        "store knows: it is another organisation, or all were deleted there."
    )
    with pytest.raises(NoPlan, match=re.escape(words)) as caught:
        known("ana", "bob", "cyd").plan()
    assert caught.value.finding.code == "T7"


def test_t7_where_one_of_them_is_left_the_others_were_deleted() -> None:
    world = known("ana", "bob", "cyd", "dan")
    world.account("dan", "Sales Team")
    assert objections(world) == {"A12"}


def test_t7_it_does_not_matter_which_of_them_is_left() -> None:
    for left in ("ana", "dan", "eve"):
        world = known("ana", "bob", "cyd", "dan", "eve")
        world.account(left, "Sales Team")
        assert objections(world) == {"A12"}


def test_t7_two_accounts_are_no_mark_of_an_organisation() -> None:
    assert objections(known("ana", "bob")) == {"A12"}


def test_t7_accounts_that_were_deactivated_may_be_deleted_afterwards() -> None:
    world = known("ana", "bob", "cyd", cyd="deactivated")
    assert objections(world) == {"A12"}


@pytest.mark.parametrize("elsewhere", [("grp-other",), ()])
@pytest.mark.parametrize("names", [("ana",), ("ana", "bob")])
def test_t7_fewer_accounts_are_one_together_with_the_groups(
    names: tuple[str, ...], elsewhere: tuple[str, ...]
) -> None:
    world = known(*names)
    world.memory["sets"] = {"Sales Team": KnownSet(("Sales",), vendor_groups=("grp-known",))}
    world.groups = {"Sales Team": elsewhere}
    with pytest.raises(NoPlan, match="and none of the sets' groups that this store knows"):
        world.plan()


def test_t7_where_one_of_the_sets_groups_is_the_same_few_accounts_were_deleted() -> None:
    world = known("ana", "bob")
    world.memory["sets"] = {
        "Sales Team": KnownSet(("Sales",), vendor_groups=("grp-gone", "grp-known")),
        "Night Desk": KnownSet(("Sales",), vendor_groups=("grp-night",)),
    }
    world.groups = {"Sales Team": ("grp-known",)}
    assert objections(world) == {"A12"}


def test_t7_groups_alone_are_no_mark_of_an_organisation() -> None:
    """A set can be made anew in the vendor's portal."""
    world = World(memory={"sets": {"Sales Team": KnownSet(("Sales",), vendor_groups=("grp-old",))}})
    world.person("bob", "Sales Team")
    assert ("grant", "bob") in kinds(world.plan())
