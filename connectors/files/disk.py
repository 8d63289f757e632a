"""Files on disk: read whole, and written whole for their owner alone."""

import os
from pathlib import Path

from config.encoding import NotUtf8, decoded
from config.operating_system import make_private_folder, opened_folder
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
    """Makes the folder for its owner alone, and the one above it where there is none.

    It is closed to others afterwards in any case; the one above is left as it was found.

    Raises:
        OSError: one of them is a link or no folder, belongs to somebody else, and the like.
    """
    if not os.path.lexists(path.parent):
        make_private_folder(path.parent)
    with opened_folder(path.parent) as parent:
        parent.make_private(path.name)
    return path


def write_whole(path: Path, content: bytes) -> Path:
    """Under a temporary name first; renamed when it is safely on the disk. For its owner alone.

    Raises:
        OSError: the disk is full, the folder is a link, and the like; an older file is as it was.
    """
    draft = f".{path.name}.draft"
    with opened_folder(path.parent) as folder:
        try:
            folder.remove(draft)
            with folder.create(draft) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            folder.replace(path.name, by=draft)
        finally:
            folder.remove(draft)
    return path
