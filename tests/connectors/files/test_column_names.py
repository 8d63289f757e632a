"""A name in another case is understood, a misspelt one is refused; none is silently ignored."""

import pytest

from connectors.files.column_names import ColumnNames

NAMES = ColumnNames(["accountEnabled", "userType", "mail"])


@pytest.mark.parametrize(
    "given", ["userType", "UserType", "USERTYPE", "usertype", "userType ", "\u00a0userType\t"]
)
def test_case_and_blanks_around_a_name_do_not_matter(given: str) -> None:
    assert NAMES.known(given) == "userType"


@pytest.mark.parametrize(
    "given", ["user type", "userTyp", "user_type", "userType\u200b", "user\u00adType"]
)
def test_a_near_miss_is_refused_with_the_name_that_may_be_meant(given: str) -> None:
    with pytest.raises(ValueError, match='is not known; did you mean "userType"'):
        NAMES.known(given)


def test_what_is_near_to_nothing_is_refused_as_well() -> None:
    with pytest.raises(ValueError, match='"Notes" is not known; known: accountEnabled, userType'):
        NAMES.known("Notes")


def test_a_name_is_there_once() -> None:
    with pytest.raises(ValueError, match='"mail" is there twice'):
        NAMES.all_known(["mail", "userType", "Mail "])
