"""Whom an access control list of Windows lets in: decided here, read by `windows`.

Security identifiers: Microsoft, "Well-known SIDs". Rights: "File Access Rights Constants",
"Access Mask Format".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

SYSTEM, ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"
"""Who can take possession of every file of a machine, and root elsewhere."""

_OWNER = {"S-1-3-0", "S-1-3-4"}
"""CREATOR OWNER, of what a folder hands down, and OWNER RIGHTS."""

_READ = 0x1 | 0x10000000 | 0x80000000
"""FILE_READ_DATA (of a folder FILE_LIST_DIRECTORY), GENERIC_ALL, GENERIC_READ."""

_WRITE = 0x2 | 0x4 | 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
"""FILE_WRITE_DATA, FILE_APPEND_DATA, FILE_DELETE_CHILD, DELETE, WRITE_DAC, WRITE_OWNER,
GENERIC_ALL, GENERIC_WRITE."""


@dataclass(frozen=True)
class AccessEntry:
    """One entry that allows something: `mask` to whoever has the security identifier `sid`."""

    sid: str
    mask: int


def open_to(entries: Iterable[AccessEntry] | None, own: Collection[str]) -> str:
    """What others than the machine's administrators and `own` may do: ``written``, ``read`` or "".

    Without a list everybody may do everything ("Null DACLs and Empty DACLs"). An entry that denies
    is not counted: what is allowed beside it is to be closed all the same.
    """
    if entries is None:
        return "written"
    ours = {SYSTEM, ADMINISTRATORS, *_OWNER, *own}
    masks = [entry.mask for entry in entries if entry.sid not in ours]
    if any(mask & _WRITE for mask in masks):
        return "written"
    return "read" if any(mask & _READ for mask in masks) else ""


def private_descriptor(user: str, *, folder: bool) -> str:
    """Lets in `user` (a security identifier), administrators and the system alone, in SDDL.

    Nothing is inherited from above; a folder hands it down to what is made in it.
    """
    handed_down = "OICI" if folder else ""
    return "D:P" + "".join(
        f"(A;{handed_down};FA;;;{sid})" for sid in (SYSTEM, ADMINISTRATORS, user)
    )
