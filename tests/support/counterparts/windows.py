"""Windows as far as this program asks it, on another system: pywin32's answers, and no POSIX.

`python -m support.counterparts.windows demo` runs a command of seatsync so. It shows that it works
without what only POSIX has, and does with pywin32 what it means to; not that Windows does what is
meant.
"""

import importlib
import os
import re
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ADA = "S-1-5-21-397955417-626881126-188441444-1010"
"""Who runs the program."""

OTHERS = "S-1-5-32-545"
"""The group of all users."""

POSIX_MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
POSIX_NAMES = {
    os: ("O_DIRECTORY", "O_NOFOLLOW", "fchmod", "fork", "geteuid", "getuid", "setsid"),
    signal: ("SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1"),
}
EVERYTHING = 0x1F01FF
DACL, PROTECTED = 0x4, 0x80000000
FILE_EXISTS = 80
SYMBOLIC_LINK, JUNCTION = 0xA000000C, 0xA0000003

Entry = tuple[tuple[int, int], int, str]


class WindowsError32(Exception):
    """pywintypes.error."""

    def __init__(self, winerror: int, function: str, strerror: str) -> None:
        super().__init__(winerror, function, strerror)
        self.winerror, self.strerror = winerror, strerror


class AccessLists:
    """Of files by what they are, so that one that is renamed keeps its own."""

    def __init__(self) -> None:
        self._lists: dict[tuple[int, int], list[Entry] | None] = {}

    def __getitem__(self, path: str) -> list[Entry] | None:
        """What it inherits is a user's own folder's: closed to others."""
        return self._lists.get(self._key(path), listed(f"(A;;FA;;;{ADA})"))

    def __setitem__(self, path: str, entries: list[Entry] | None) -> None:
        self._lists[self._key(path)] = entries

    @staticmethod
    def _key(path: str) -> tuple[int, int]:
        found = Path(path).stat()
        return found.st_dev, found.st_ino


def listed(sddl: str) -> list[Entry]:
    return [((0, 0), EVERYTHING, sid) for sid in re.findall(r"\(A;\w*;FA;;;([^)]+)\)", sddl)]


class Descriptor:
    def __init__(self, entries: list[Entry] | None) -> None:
        self._entries = entries

    def GetSecurityDescriptorOwner(self) -> str:  # noqa: N802 - as there
        return ADA

    def GetSecurityDescriptorDacl(self) -> Any:  # noqa: N802
        entries = self._entries
        if entries is None:
            return None
        return SimpleNamespace(
            GetAceCount=lambda: len(entries), GetAce=entries.__getitem__, entries=entries
        )


def pywin32(lists: AccessLists) -> dict[str, ModuleType]:
    """Its modules, with what is used of them."""

    def create(path: str, *given: Any) -> Any:
        _, share, attributes, *_ = given
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise WindowsError32(FILE_EXISTS, "CreateFile", "The file exists.") from error
        assert share == 0
        lists[path] = attributes.SECURITY_DESCRIPTOR.GetSecurityDescriptorDacl().entries
        return SimpleNamespace(Detach=lambda: descriptor)

    def close(
        path: str, kind: int, what: int, owner: None, group: None, dacl: Any, _: None
    ) -> None:
        assert (kind, what, owner, group) == (1, DACL | PROTECTED, None, None)
        lists[path] = dacl.entries

    made: dict[str, dict[str, object]] = {
        "msvcrt": {"open_osfhandle": lambda handle, flags: handle},
        "pywintypes": {"error": WindowsError32},
        "win32api": {"GetCurrentProcess": lambda: -1, "GetUserNameEx": lambda form: "CONTOSO\\ada"},
        "win32con": {
            "NameSamCompatible": 2,
            "TOKEN_QUERY": 8,
            "GENERIC_WRITE": 0x40000000,
            "CREATE_NEW": 1,
            "FILE_ATTRIBUTE_NORMAL": 0x80,
        },
        "win32file": {"CreateFile": create},
        "win32security": {
            "OWNER_SECURITY_INFORMATION": 1,
            "DACL_SECURITY_INFORMATION": DACL,
            "PROTECTED_DACL_SECURITY_INFORMATION": PROTECTED,
            "SE_FILE_OBJECT": 1,
            "SDDL_REVISION_1": 1,
            "TokenUser": 1,
            "SECURITY_ATTRIBUTES": SimpleNamespace,
            "GetNamedSecurityInfo": lambda path, kind, what: Descriptor(lists[path]),
            "SetNamedSecurityInfo": close,
            "ConvertSidToStringSid": lambda sid: sid,
            "ConvertStringSecurityDescriptorToSecurityDescriptor": (
                lambda sddl, revision: Descriptor(listed(sddl))
            ),
            "OpenProcessToken": lambda process, access: 1,
            "GetTokenInformation": lambda token, what: (ADA, 0),
        },
    }
    modules = {name: ModuleType(name) for name in made}
    for name, names in made.items():
        vars(modules[name]).update(names)
    return modules


@contextmanager
def imitated() -> Iterator[tuple[ModuleType, AccessLists]]:
    """`config.operating_system.windows`, and the lists of access of the files that it makes."""
    lists = AccessLists()
    with pytest.MonkeyPatch.context() as patch:
        for name, module in pywin32(lists).items():
            patch.setitem(sys.modules, name, module)
        patch.setattr(signal, "SIGBREAK", signal.SIGTERM, raising=False)
        patch.setattr(os, "O_BINARY", 0, raising=False)
        patch.setattr(stat, "IO_REPARSE_TAG_SYMLINK", SYMBOLIC_LINK, raising=False)
        patch.setattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", JUNCTION, raising=False)
        patch.setattr(Path, "lstat", _lstat)
        patch.delitem(sys.modules, "config.operating_system.windows", raising=False)
        with pytest.MonkeyPatch.context() as there:
            there.setattr(sys, "platform", "win32")
            windows = importlib.import_module("config.operating_system.windows")
        yield windows, lists
    sys.modules.pop("config.operating_system.windows", None)


def _lstat(path: Path) -> Any:
    """A folder whose name ends so is a junction: a folder, to those who only look at the mode."""
    found = os.lstat(path)
    tag = JUNCTION if path.suffix == ".junction" else 0
    return SimpleNamespace(st_mode=found.st_mode, st_reparse_tag=tag)


def without_posix(patch: pytest.MonkeyPatch) -> None:
    """What has been imported already keeps it."""
    for name in POSIX_MODULES:
        patch.setitem(sys.modules, name, None)
    for module, names in POSIX_NAMES.items():
        for name in names:
            patch.delattr(module, name)


def run(arguments: list[str]) -> None:
    """A command, by the way of Windows and without what only POSIX has."""
    with pytest.MonkeyPatch.context() as patch:
        without_posix(patch)
        with imitated():
            taken = importlib.import_module("config.operating_system")
            assert taken.opened_folder.__module__ == "config.operating_system.windows"
            from jobs.cli.main import main

            main(arguments)


if __name__ == "__main__":
    run(sys.argv[1:])
