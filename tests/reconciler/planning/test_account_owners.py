"""Whose each account is, by the same rules as a plan."""

from collections.abc import Callable

import pytest

from reconciler.planning.account_owners import NICKNAME, account_standings
from support.worlds.world import MAIL, World, guid


def managed(world: World) -> None:
    world.settled("ana", "Sales Team")


def left_every_set(world: World) -> None:
    world.account("ana", "Sales Team")
    world.person("ana")


def in_two_groups(world: World) -> None:
    world.account("ana", "Sales Team")
    world.sets["Talent Team"] = ["Sales"]
    world.person("ana", "Sales Team", "Talent Team")


def gone_from_entra(world: World) -> None:
    world.account("ana", "Sales Team")
    world.person("ana", presence="gone")


def unlinked(world: World) -> None:
    world.account("ana", externalId=None)
    world.person("ana", "Sales Team")


def same_user_name(world: World) -> None:
    world.account("ana", externalId=None, **{MAIL: "other@example.org"})
    world.person("ana", "Sales Team")


def same_mail(world: World) -> None:
    world.account("ana", externalId=None, userName="other@example.org")
    world.person("ana", "Sales Team")


def by_nickname(world: World) -> None:
    world.account("ana", externalId="ana")
    world.person("ana", "Sales Team")


def provisioned_by_others(world: World) -> None:
    world.account("ana")
    world.links = {}
    world.person("ana")


def of_nobody(world: World) -> None:
    world.account("ana", externalId=None)


def of_somebody_unknown(world: World) -> None:
    world.account("ana")
    world.links = {}
    world.person("ana", presence="gone")


def of_whoever_is_in_no_group(world: World) -> None:
    """A name alone says nothing of whoever should have no seat."""
    world.account("ana", externalId=None)
    world.person("ana")


@pytest.mark.parametrize(
    ("case", "standing", "by", "code"),
    [
        (managed, "managed", ["externalId"], "A1"),
        (left_every_set, "managed", ["externalId"], "A11"),
        (in_two_groups, "managed", ["externalId"], "U1"),
        (gone_from_entra, "managed", ["externalId"], "A11"),
        (unlinked, "linkable", ["userName", MAIL], "A5"),
        (same_user_name, "linkable", ["userName"], "A5"),
        (same_mail, "linkable", [MAIL], "A5"),
        (by_nickname, "linkable", ["userName", MAIL, NICKNAME], "A6"),
        (provisioned_by_others, "outside", ["externalId"], "A18"),
        (of_nobody, "orphan", [], "A10"),
        (of_somebody_unknown, "orphan", [], "A10"),
        (of_whoever_is_in_no_group, "orphan", [], "A10"),
    ],
)
def test_whose_an_account_is(
    case: Callable[[World], None], standing: str, by: list[str], code: str
) -> None:
    world = World()
    case(world)
    (found,) = account_standings(world.evaluation())
    assert (found.account, found.user_name) == ("acc-ana", world.accounts["acc-ana"]["userName"])
    assert (found.standing, [*found.by], found.code) == (standing, by, code)
    assert (found.user and found.user.id) == (None if standing == "orphan" else guid("ana"))


def test_every_account_has_its_own_sets_and_says_whether_it_is_in_use() -> None:
    world = World(sets={"Sales Team": ["Sales"], "Talent Team": ["Sales"]})
    world.account("ana", "Talent Team", "Sales Team")
    world.account("bob", active=False)
    world.account("eva", active=None)
    found = [
        (one.account, {*one.sets}, one.active) for one in account_standings(world.evaluation())
    ]
    assert found == [
        ("acc-ana", {"Talent Team", "Sales Team"}, True),
        ("acc-bob", set(), False),
        ("acc-eva", set(), None),
    ]
