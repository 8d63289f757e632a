"""Windows: access control lists, Ctrl-Break, no descriptors of folders.

Never run on Windows by whoever wrote it; see docs/how-to/windows.md for what was tried instead.
"""

import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from config.operating_system.access_control import AccessEntry, open_to, private_descriptor

if sys.platform != "win32":
    raise ImportError("config.operating_system.posix is for this machine")

import msvcrt

import pywintypes
import win32api
import win32con
import win32file
import win32security

TERMINATION = signal.SIGBREAK
"""Ctrl-Break, or what ``CTRL_BREAK_EVENT`` sends; nothing sends SIGTERM."""

_LINKS = {stat.IO_REPARSE_TAG_SYMLINK, stat.IO_REPARSE_TAG_MOUNT_POINT}
"""Symbolic links and junctions; a file that OneDrive has not fetched is none."""

_ALLOWING = {0x0, 0x5, 0x9, 0xB}
"""ACCESS_ALLOWED_ACE_TYPE, and those for objects and with conditions ([MS-DTYP] 2.4.4.1)."""

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds: a virus scanner or an indexer has a new file open for a moment."""


def account_name() -> str:
    """Of whom this program runs as, ``DOMAIN\\name``."""
    return win32api.GetUserNameEx(win32con.NameSamCompatible)


def open_to_others(path: Path) -> str:
    """What others may do with a file or folder: it can be ``written``, ``read``, or nothing.

    Raises:
        OSError: it is not there, and the like.
    """
    asked = win32security.OWNER_SECURITY_INFORMATION | win32security.DACL_SECURITY_INFORMATION
    with _as_os_error(path):
        found = win32security.GetNamedSecurityInfo(str(path), win32security.SE_FILE_OBJECT, asked)
    owner, entries = found.GetSecurityDescriptorOwner(), found.GetSecurityDescriptorDacl()
    if entries is None:
        return open_to(None, ())
    allowing = []
    for index in range(entries.GetAceCount()):
        (kind, _), mask, *_, sid = entries.GetAce(index)
        if kind in _ALLOWING:
            allowing.append(AccessEntry(win32security.ConvertSidToStringSid(sid), mask))
    return open_to(allowing, {_user(), win32security.ConvertSidToStringSid(owner)})


def closing_command(path: Path) -> str:
    """What somebody types so that a file or folder is its owner's alone."""
    handed_down = "(OI)(CI)" if path.is_dir() else ""
    return f'icacls "{path}" /inheritance:r /grant:r "{account_name()}:{handed_down}F"'


def setting_command(variable: str, value: str) -> str:
    """What somebody types to set a variable of their terminal, in PowerShell."""
    quoted = value.replace("'", "''")
    return f"$env:{variable} = '{quoted}'"


def create_private(path: Path) -> BinaryIO:
    """A new file that the user and administrators alone may open, to write to.

    Raises:
        FileExistsError: something is there. Other OSErrors.
    """
    attributes = win32security.SECURITY_ATTRIBUTES()
    attributes.SECURITY_DESCRIPTOR = _private(folder=False)
    with _as_os_error(path):
        handle = win32file.CreateFile(
            str(path),
            win32con.GENERIC_WRITE,
            0,
            attributes,
            win32con.CREATE_NEW,
            win32con.FILE_ATTRIBUTE_NORMAL,
            None,
        )
    return os.fdopen(msvcrt.open_osfhandle(int(handle.Detach()), os.O_BINARY), "wb")


def touch_private(path: Path) -> None:
    """Makes such a file where there is none; one that is there keeps its access control list.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        create_private(path).close()


def make_private_folder(path: Path) -> None:
    """A new folder that the user and administrators alone may open, and those above it."""
    path.mkdir(parents=True)
    _close(path)


class _Folder:
    """One to work in, by its path: Python has no other way here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def make_private(self, name: str) -> None:
        """The folder of that name in it, made where there is none, is closed afterwards."""
        path = self._path / name
        path.mkdir(exist_ok=True)
        with opened_folder(path):
            _close(path)

    def create(self, name: str) -> BinaryIO:
        """See `create_private`."""
        return create_private(self._path / name)

    def replace(self, name: str, by: str) -> None:
        """A file takes another one's place. Who has that one open is waited for a little.

        The file system keeps its own journal of names: there is nothing to be flushed.
        """
        draft, place = self._path / by, self._path / name
        for seconds in _WAITS:
            with suppress(PermissionError):
                draft.replace(place)
                return
            time.sleep(seconds)
        draft.replace(place)

    def remove(self, name: str) -> None:
        """A file, if it is there."""
        (self._path / name).unlink(missing_ok=True)


@contextmanager
def opened_folder(path: Path) -> Iterator[_Folder]:
    """A folder to work in.

    Raises:
        OSError: it is a link, or no folder, and the like.
    """
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_reparse_tag in _LINKS:
        raise NotADirectoryError(None, "it is a link, or no folder", str(path))
    yield _Folder(path)


def _close(folder: Path) -> None:
    with _as_os_error(folder):
        win32security.SetNamedSecurityInfo(
            str(folder),
            win32security.SE_FILE_OBJECT,
            win32security.DACL_SECURITY_INFORMATION
            | win32security.PROTECTED_DACL_SECURITY_INFORMATION,
            None,
            None,
            _private(folder=True).GetSecurityDescriptorDacl(),
            None,
        )


def _private(*, folder: bool) -> Any:
    """A security descriptor."""
    return win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(
        private_descriptor(_user(), folder=folder), win32security.SDDL_REVISION_1
    )


def _user() -> str:
    """The security identifier of whom this program runs as."""
    token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY)
    sid, _ = win32security.GetTokenInformation(token, win32security.TokenUser)
    return win32security.ConvertSidToStringSid(sid)


@contextmanager
def _as_os_error(path: Path) -> Iterator[None]:
    """What Windows answers, as Python's own functions raise it."""
    try:
        yield
    except pywintypes.error as error:
        raise OSError(None, error.strerror, str(path), error.winerror) from None
