"""T5: whether what a vendor ignores is a matter of seats, or of its switch."""

import pytest

from reconciler.applying.ignored_changes import Switch

NEW: tuple[str, ...] = ()
"""A group that was made and is not to be seen: it may show late."""
SALES, MARKETING = ("Sales Team",), ("Marketing Team",)


@pytest.mark.parametrize(
    ("ignored", "made", "looks_off", "plainly"),
    [
        ([], 0, False, False),
        ([], 1, False, False),
        ([SALES], 0, True, False),
        ([NEW, NEW, NEW], 0, True, False),
        ([NEW, SALES], 0, True, False),
        ([NEW], 1, False, False),
        ([SALES, SALES], 0, True, False),
        ([SALES, MARKETING], 0, True, True),
        ([SALES + MARKETING], 0, True, True),
        ([SALES, MARKETING], 1, False, False),
    ],
)
def test_t5_it_looks_off_if_nothing_took_effect_and_plainly_in_two_sets(
    ignored: list[tuple[str, ...]], made: int, looks_off: bool, plainly: bool
) -> None:
    switch = Switch()
    for sets in ignored:
        switch.ignore(sets, removal=False)
    for _ in range(made):
        switch.made()
    assert (switch.looks_off, switch.is_plainly_off) == (looks_off, plainly)
    assert switch.ignored == len(ignored)


def test_t5_removals_alone_do_not_make_it_plain() -> None:
    switch = Switch()
    switch.ignore(SALES + MARKETING, removal=True)
    assert (switch.looks_off, switch.is_plainly_off) == (True, False)
    switch.ignore(SALES, removal=False)
    assert switch.is_plainly_off


def test_t5_a_removal_after_another_change_leaves_it_plain() -> None:
    switch = Switch()
    switch.ignore(SALES, removal=False)
    switch.ignore(MARKETING, removal=True)
    assert switch.is_plainly_off


def test_t5_removals_say_nothing_of_a_vendor_that_is_known_to_ignore_them() -> None:
    switch = Switch(members_leave=False)
    switch.ignore(SALES + MARKETING, removal=True)
    assert not switch.looks_off
