"""Whose a file is on Windows: as lists of access that folders there usually have."""

import pytest

from config.operating_system.access_control import (
    ADMINISTRATORS,
    SYSTEM,
    AccessEntry,
    open_to,
    private_descriptor,
)

ADA, EVA = "S-1-5-21-397955417-626881126-188441444-1010", "S-1-5-21-397955417-626881126-188441444-7"
USERS, EVERYBODY, OWNER_RIGHTS = "S-1-5-32-545", "S-1-1-0", "S-1-3-4"
FULL, MODIFY, READ_AND_EXECUTE, READ = 0x1F01FF, 0x1301BF, 0x1200A9, 0x120089
APPEND, ATTRIBUTES_ALONE, GENERIC_READ, GENERIC_ALL = 0x4, 0x100080, 0x80000000, 0x10000000

ALWAYS = [AccessEntry(SYSTEM, FULL), AccessEntry(ADMINISTRATORS, FULL), AccessEntry(ADA, FULL)]


@pytest.mark.parametrize(
    ("sid", "mask", "told"),
    [
        (USERS, READ_AND_EXECUTE, "read"),  # below C:\ProgramData
        (EVA, READ, "read"),
        (EVERYBODY, GENERIC_READ, "read"),
        (USERS, MODIFY, "written"),  # what an administrator gave for the sake of peace
        (USERS, APPEND, "written"),
        (EVERYBODY, FULL, "written"),
        (EVERYBODY, GENERIC_ALL, "written"),
        (USERS, ATTRIBUTES_ALONE, ""),
        (OWNER_RIGHTS, FULL, ""),
        (ADA, READ, ""),
    ],
)
def test_what_others_may_do_beside_user_administrators_and_system(
    sid: str, mask: int, told: str
) -> None:
    assert open_to([*ALWAYS, AccessEntry(sid, mask)], {ADA}) == told


def test_without_a_list_everybody_may_write_and_with_an_empty_one_nobody() -> None:
    assert open_to(None, {ADA}) == "written"
    assert open_to([], {ADA}) == ""


@pytest.mark.parametrize(
    ("folder", "flags"),
    [pytest.param(False, "", id="file"), pytest.param(True, "OICI", id="folder")],
)
def test_what_is_made_lets_in_three_and_inherits_nothing(folder: bool, flags: str) -> None:
    """SDDL: D is the list, P protects it from what is above, FA is full access."""
    assert private_descriptor(ADA, folder=folder) == (
        f"D:P(A;{flags};FA;;;S-1-5-18)(A;{flags};FA;;;S-1-5-32-544)(A;{flags};FA;;;{ADA})"
    )
