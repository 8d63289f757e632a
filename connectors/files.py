"""Files on disk: administrators' are read whole; ours are written whole, for their owner alone."""

import os
from pathlib import Path

from config.encoding import NotUtf8, decoded
from connectors.errors import ConnectorError


def read_text(path: Path, what: str) -> str:
    """A text file in UTF-8.

    Raises:
        ConnectorError: it cannot be read, or is in another encoding; `what` begins the text.
    """
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise ConnectorError(what, error.strerror or type(error).__name__) from None
    except NotUtf8 as error:
        place = f"{what}, line {error.line}" if error.line else what
        raise ConnectorError(place, str(error)) from None
    except ValueError:
        raise ConnectorError(what, "no file has such a name") from None


def private_folder(path: Path) -> Path:
    """Makes the folder with mode 0700."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_whole(path: Path, content: bytes) -> Path:
    """Under a temporary name first; renamed when it is safely on the disk. Mode 0600.

    Raises:
        OSError: the disk is full, the folder is a link, and the like; an older file is as it was.
    """
    draft = path.with_name(f".{path.name}.draft")
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        os.fsync(folder)
    finally:
        draft.unlink(missing_ok=True)
        os.close(folder)
    return path
