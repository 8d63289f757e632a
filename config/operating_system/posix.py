"""Linux and macOS: modes of files, folders by their descriptors, SIGTERM."""

import os
import pwd
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ELOOP, ENOTDIR
from pathlib import Path
from shlex import quote
from typing import BinaryIO

if sys.platform == "win32":
    raise ImportError("config.operating_system.windows is for this machine")

TERMINATION = signal.SIGTERM
"""How a service is asked to end."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def account_name() -> str:
    """Of whom this program runs as; in a container it may have a number and no name."""
    user = os.getuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid {user}"


def open_to_others(path: Path) -> str:
    """What others may do with a file or folder: it can be ``written``, ``read``, or nothing.

    Raises:
        OSError: it is not there, and the like.
    """
    mode = path.stat().st_mode
    return "written" if mode & 0o022 else "read" if mode & 0o055 else ""


def closing_command(path: Path) -> str:
    """What somebody types so that a file or folder is its owner's alone."""
    return f"chmod {'700' if path.is_dir() else '600'} {path}"


def setting_command(variable: str, value: str) -> str:
    """What somebody types to set a variable of their terminal."""
    return f"export {variable}={quote(value)}"


def create_private(path: Path) -> BinaryIO:
    """A new file of mode 0600, to write to.

    Raises:
        FileExistsError: something is there, if only a link. Other OSErrors.
    """
    return os.fdopen(os.open(path, _NEW, 0o600), "wb")


def touch_private(path: Path) -> None:
    """Makes a file of mode 0600 where there is none; one that is there keeps its mode.

    Raises:
        OSError: it cannot be made, or written.
    """
    path.touch(mode=0o600)


def make_private_folder(path: Path) -> None:
    """A new folder of mode 0700, and those above it that are missing, whose mode is the umask's."""
    path.mkdir(mode=0o700, parents=True)
    path.chmod(0o700)  # whatever the umask took away


class _Folder:
    """One to work in by its descriptor: nobody can put another one in its place meanwhile."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    def make_private(self, name: str) -> None:
        """The folder of that name in it, made where there is none, has mode 0700 afterwards."""
        with suppress(FileExistsError):
            os.mkdir(name, mode=0o700, dir_fd=self._descriptor)
        with _opened(self._path / name, self._descriptor) as descriptor:
            os.fchmod(descriptor, 0o700)

    def create(self, name: str) -> BinaryIO:
        """See `create_private`; its mode is 0600 whatever the umask is."""
        descriptor = os.open(name, _NEW, 0o600, dir_fd=self._descriptor)
        os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "wb")

    def replace(self, name: str, by: str) -> None:
        """A file takes another one's place, and that is so after a power cut, too."""
        os.replace(by, name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
        os.fsync(self._descriptor)

    def remove(self, name: str) -> None:
        """A file, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._descriptor)


@contextmanager
def opened_folder(path: Path) -> Iterator[_Folder]:
    """A folder to work in.

    Raises:
        OSError: it is a link, or no folder, and the like.
    """
    with _opened(path) as descriptor:
        yield _Folder(path, descriptor)


@contextmanager
def _opened(path: Path, within: int | None = None) -> Iterator[int]:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        descriptor = os.open(path if within is None else path.name, flags, dir_fd=within)
    except OSError as error:
        if error.errno not in {ELOOP, ENOTDIR}:
            raise
        raise OSError(error.errno, "it is a link, or no folder", str(path)) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)
