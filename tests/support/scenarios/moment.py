"""A sandbox and the folder of a configuration as they were at one moment, to be put back often.

To prepare a company costs a plan or two; to put one back costs a few copies. Between two tests no
command is under way, so nobody has the store open.
"""

from copy import deepcopy
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from connectors.sandbox.server import Sandbox


class Moment:
    """What Graph and the vendor tell, what the vendor's ledger says, and every file."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox, self._folder = sandbox, folder
        self._graph_answers, self._vendor_class = sandbox.graph.answer, type(sandbox.vendor)
        parts = {
            sandbox.tenant: ("groups", "users", "deleted", "deleted_groups"),
            sandbox.graph: ("roles", "largest_page", "counts", "unlisted", "unchecked"),
            sandbox.graph.delta: ("page", "replays"),
            sandbox.portal: (
                *("seats", "sets", "set_of", "managed_through_idp"),
                *("token", "token_expires"),
            ),
            sandbox.availability: ("pace",),
            sandbox.vendor.storage: ("resources",),
            sandbox.vendor_ledger: ("requests", "writes"),
            sandbox.graph_ledger: ("requests",),
        }
        self._state = [
            (part, name, deepcopy(getattr(part, name)))
            for part, names in parts.items()
            for name in names
        ]
        self._files = Path(mkdtemp(dir=folder.parent, prefix="moment-"))
        copytree(folder, self._files, dirs_exist_ok=True)

    def put_back(self) -> None:
        self._sandbox.graph.answer = self._graph_answers  # type: ignore[method-assign]
        self._sandbox.vendor.__class__ = self._vendor_class
        for part, name, value in self._state:
            setattr(part, name, deepcopy(value))
        rmtree(self._folder)
        copytree(self._files, self._folder)
