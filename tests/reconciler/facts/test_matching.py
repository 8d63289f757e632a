"""Which account a plan takes for a user's, where the mapping says what accounts are matched by."""

import pytest

from config.attribute_mapping_targets import ENTERPRISE
from reconciler.model.plan import Kind, Plan
from support.worlds.world import MAIL, NEEDED_ROWS, World, codes, messages

NUMBER = f"{ENTERPRISE}:employeeNumber"


def company(*, first: str = "userName") -> World:
    """Of people with an employee number each, and of a vendor that has it, but no externalId."""
    precedence = {"userName": 1, NUMBER: 2} if first == "userName" else {"userName": 2, NUMBER: 1}
    rows = {
        target: {"direct": source, "matching": precedence[target]}
        for target, source in (("userName", "userPrincipalName"), (NUMBER, "employeeId"))
    }
    world = World(mapping={**NEEDED_ROWS, **rows, MAIL: "mail"})
    world.person("ana", "Sales Team", employeeId="a7")
    return world


def linked(plan: Plan) -> list[str | None]:
    return [one.account for one in plan.operations if one.kind is Kind.LINK]


@pytest.mark.parametrize("first", ["userName", NUMBER])
def test_an_account_is_linked_if_both_attributes_agree_whatever_its_mail_address(
    first: str,
) -> None:
    world = company(first=first)
    world.account("ana", externalId=None, **{NUMBER: "A7", MAIL: "old@example.org"})
    assert linked(world.plan()) == ["acc-ana"]


@pytest.mark.parametrize("first", ["userName", NUMBER])
@pytest.mark.parametrize(
    "has",
    [
        {NUMBER: "8"},
        {NUMBER: None},
        {NUMBER: "a7", "userName": "other@example.org"},
        {NUMBER: "a7", "userName": None},
    ],
    ids=["another number", "no number", "another name", "no name"],
)
def test_one_attribute_alone_is_never_enough(first: str, has: dict[str, str | None]) -> None:
    world = company(first=first)
    world.account("ana", externalId=None, **has)
    plan = world.plan()
    assert plan.operations == ()
    (told,) = messages(plan, "A5")
    both = "User name and employeeNumber" if first == "userName" else "EmployeeNumber and user name"
    assert told.endswith(f"existed before. {both} do not both agree: left as is.")


def test_who_has_no_number_is_not_matched_with_whoever_has_none() -> None:
    world = company()
    world.people.clear()
    world.members.clear()
    world.person("eva", "Sales Team", employeeId=None)
    world.account("ana", externalId=None, **{NUMBER: None})
    assert [one.kind for one in world.plan().operations] == [Kind.CREATE_ACCOUNT, Kind.GRANT]


@pytest.mark.parametrize(("first", "named"), [("userName", "ana"), (NUMBER, "eva")])
def test_precedence_says_which_account_is_named_where_there_are_two(first: str, named: str) -> None:
    world = company(first=first)
    world.account("ana", externalId=None, **{NUMBER: "8"})
    world.account("eva", externalId=None, **{NUMBER: "a7"})
    plan = world.plan()
    assert plan.operations == ()
    (told,) = messages(plan, "A5")
    assert told.startswith(f"The account {named}@example.org existed before.")


def test_a_linked_account_stays_the_users_whatever_else_agrees() -> None:
    world = company(first=NUMBER)
    world.account("ana", "Sales Team", **{NUMBER: "8"})
    world.account("eva", externalId=None, **{NUMBER: "a7"})
    (operation,) = world.plan().operations
    assert (operation.kind, operation.account) == (Kind.UPDATE_ACCOUNT, "acc-ana")


def test_two_users_with_one_number_are_left_as_they_are() -> None:
    world = company(first=NUMBER)
    world.person("eva", "Sales Team", employeeId="a7")
    world.account("ana", externalId=None, **{NUMBER: "a7"})
    plan = world.plan()
    assert plan.operations == ()
    assert codes(plan) == {"A9"}
