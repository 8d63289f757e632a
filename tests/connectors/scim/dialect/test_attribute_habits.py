"""What a vendor makes of attributes is seen when they are read back, and remembered for each."""

import pytest

from connectors.scim.dialect.attribute_habits import Habits
from connectors.scim.errors import ScimRefused
from reconciler.model.attribute_habits import Way
from reconciler.model.capabilities import Capabilities

MAIL = 'emails[type eq "work"].value'
GIVEN = "name.givenName"


@pytest.fixture
def habits() -> Habits:
    return Habits(Capabilities())


def test_another_spelling_is_a_habit_of_that_attribute(habits: Habits) -> None:
    asked = {GIVEN: "Ana ", "name.familyName": "Abel"}
    assert habits.differing(asked, {GIVEN: "Ana", "name.familyName": "Abel"}) == ()
    assert habits.known == {GIVEN: {Way.BLANKS}}
    assert habits.differing({GIVEN: "Eva "}, {GIVEN: "Ana"}) == (GIVEN,)


def test_addresses_are_the_same_in_any_case_and_that_is_no_habit(habits: Habits) -> None:
    asked = {"userName": "Ana@moor.example", MAIL: "Ana@Moor.example"}
    kept = {"userName": "ana@moor.example", MAIL: "ana@moor.example"}
    assert habits.differing(asked, kept) == ()
    assert habits.known == {}


def test_a_mail_address_in_the_place_of_the_user_name_is_a_habit(habits: Habits) -> None:
    kept = {"userName": "a@moor.example", MAIL: "a@moor.example"}
    assert habits.differing({"userName": "ana", MAIL: "a@moor.example"}, kept) == ()
    assert habits.known == {"userName": {Way.MAIL}}


def test_what_is_not_taken_twice_is_fixed_and_once_may_be_an_accident(habits: Habits) -> None:
    habits.ignored(GIVEN)
    assert not habits.is_fixed(GIVEN)
    habits.ignored(GIVEN)
    assert habits.is_fixed(GIVEN)


@pytest.mark.parametrize(("scim_type", "fixed"), [("mutability", True), ("invalidValue", False)])
def test_only_one_refusal_says_that_it_is_never_taken(
    habits: Habits, scim_type: str, fixed: bool
) -> None:
    habits.refused(GIVEN, ScimRefused("changing", 400, "no", scim_type))
    assert habits.is_fixed(GIVEN) is fixed


def test_what_two_accounts_were_refused_for_is_required_until_one_is_made_without(
    habits: Habits,
) -> None:
    refusal = ScimRefused("POST /Users", 400, "displayName is required")
    asked = {GIVEN: "Ana"}
    habits.not_created(asked, refusal)
    assert habits.required == set()
    habits.not_created(asked, refusal)
    assert habits.required == {"displayName"}
    habits.created({**asked, "displayName": "Ana Abel"})
    assert habits.required == {"displayName"}
    habits.created(asked)
    assert habits.required == set()


@pytest.mark.parametrize(("kept", "differing"), [(None, ()), ("", ()), ("Boss", ("title",))])
def test_what_was_to_be_removed_differs_as_long_as_it_is_there(
    kept: str | None, differing: tuple[str, ...]
) -> None:
    can = Capabilities()
    assert Habits(can).differing({"title": None}, {"title": kept}) == differing
    assert can.known == {}
