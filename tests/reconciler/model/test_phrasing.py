"""How lists, numbers and times are told in a sentence."""

import pytest

from reconciler.model.phrasing import NAMED_AT_MOST, Plural, named, time_in_words

NAMES = [f"user{at:02}" for at in range(NAMED_AT_MOST + 2)]


def test_a_few_names_are_all_told() -> None:
    assert named([]) == ""
    assert named(["ana", "bob"]) == "ana, bob"
    assert named(NAMES[:NAMED_AT_MOST]) == ", ".join(NAMES[:NAMED_AT_MOST])


def test_of_many_names_the_first_are_told_and_the_others_counted() -> None:
    first = ", ".join(NAMES[:NAMED_AT_MOST])
    assert named(NAMES[: NAMED_AT_MOST + 1]) == f"{first} and 1 more"
    assert named(NAMES) == f"{first} and 2 more"


def test_one_is_told_in_the_singular_and_everything_else_in_the_plural() -> None:
    told = [f"{Plural(number):user holds|users hold} a seat" for number in (0, 1, 2)]
    assert told == ["0 users hold a seat", "1 user holds a seat", "2 users hold a seat"]
    assert f"{Plural(1)} of {Plural(3):d}" == "1 of 3"


def test_thousands_are_separated() -> None:
    assert f"{Plural(1_204):user|users} of {Plural(31_557)}" == "1,204 users of 31,557"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (711, "11.8 min"),
        (5_400, "1.5 h"),
        (7_200, "2 h"),
        (86_400, "1 d"),
        (float("inf"), "inf d"),
    ],
)
def test_a_time_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert time_in_words(seconds) == words
