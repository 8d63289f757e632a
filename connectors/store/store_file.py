"""Where a SQLite store lies, without SQLAlchemy: who only looks at the file needs no database."""

import os
from pathlib import Path
from urllib.parse import unquote

_SQLITE = "sqlite:///"


def file_of(url: str) -> Path | None:
    """As SQLAlchemy reads the URL; None of a server's, and of a file that is not to be seen."""
    file = place_of(url)
    return file if file and os.path.exists(file) else None  # noqa: PTH110 - Path's raises


def place_of(url: str) -> Path | None:
    """Where it lies, or will; None of a server's."""
    if not url.startswith(_SQLITE):
        return None
    return Path(unquote(url.removeprefix(_SQLITE).partition("?")[0]))
