"""Files on disk: read whole, and written whole for their owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ELOOP, ENOTDIR
from pathlib import Path

from config.encoding import NotUtf8, decoded
from connectors.errors import CounterpartError


def read_text(path: Path, what: str) -> str:
    """A text file in UTF-8.

    Raises:
        CounterpartError: it cannot be read, or is in another encoding; `what` begins the text.
    """
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise CounterpartError(what, error.strerror or type(error).__name__) from None
    except NotUtf8 as error:
        place = f"{what}, line {error.line}" if error.line else what
        raise CounterpartError(place, str(error)) from None
    except ValueError:
        raise CounterpartError(what, "no file has such a name") from None


def private_folder(path: Path) -> Path:
    """Makes the folder with mode 0700, and the one above it where there is none.

    It has that mode afterwards in any case; the one above is left as it was found.

    Raises:
        OSError: one of them is a link or no folder, belongs to somebody else, and the like.
    """
    above = path.parent
    if not os.path.lexists(above):
        above.mkdir(mode=0o700, parents=True)
        above.chmod(0o700)  # whatever the umask took away
    with _opened(above) as parent:
        with suppress(FileExistsError):
            os.mkdir(path.name, mode=0o700, dir_fd=parent)
        with _opened(path, parent) as folder:
            os.fchmod(folder, 0o700)
    return path


def write_whole(path: Path, content: bytes) -> Path:
    """Under a temporary name first; renamed when it is safely on the disk. Mode 0600.

    Raises:
        OSError: the disk is full, the folder is a link, and the like; an older file is as it was.
    """
    draft = f".{path.name}.draft"
    with _opened(path.parent) as folder:
        try:
            _remove(draft, folder)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(draft, flags, 0o600, dir_fd=folder), "wb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
        finally:
            _remove(draft, folder)
    return path


def open_to_others(path: Path) -> str:
    """What others may do with a file or folder: it can be ``written``, ``read``, or nothing."""
    mode = path.stat().st_mode
    return "written" if mode & 0o022 else "read" if mode & 0o055 else ""


@contextmanager
def _opened(folder: Path, parent: int | None = None) -> Iterator[int]:
    """A folder to work in by its descriptor: nobody can put another one in its place."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        descriptor = os.open(folder if parent is None else folder.name, flags, dir_fd=parent)
    except OSError as error:
        if error.errno not in {ELOOP, ENOTDIR}:
            raise
        raise OSError(error.errno, "it is a link, or no folder", str(folder)) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _remove(name: str, folder: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
