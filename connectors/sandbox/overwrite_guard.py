"""A sandbox overwrites only files that a sandbox wrote, known by their first line.

Whoever makes a sandbox's configuration their own takes that line away.
"""

from collections.abc import Mapping
from errno import EEXIST
from pathlib import Path

from connectors.files.disk import write_whole

MARK = (
    b"# Made by seatsync's sandbox, which overwrites this file, and the secrets beside it, "
    b"while this line is here.\n"
)


def is_own(config: Path) -> bool:
    """Whether a sandbox wrote this configuration. A link is nobody's own."""
    if config.is_symlink() or not config.is_file():
        return False
    with config.open("rb") as file:
        return file.read(len(MARK)) == MARK


def write_own(config: Path, content: bytes, beside: Mapping[str, bytes]) -> None:
    """The configuration and files beside it, by their names; they replace those of a sandbox.

    Raises:
        FileExistsError: one of them is there and no sandbox's; nothing was written.
        OSError: one cannot be written.
    """
    files = {config: MARK + content} | {
        config.with_name(name): secret for name, secret in beside.items()
    }
    if not is_own(config):
        for path in files:
            if path.is_symlink() or path.exists():
                raise not_own(path)
    for path, text in reversed(files.items()):  # the mark last: what it stands for is there then
        write_whole(path, text)


def not_own(path: Path) -> FileExistsError:
    """The refusal to overwrite what is somebody else's."""
    why = "it was not made by seatsync's sandbox and is left as it is; choose another place"
    return FileExistsError(EEXIST, why, str(path))
