"""Templates as Jinja compiled them, kept where Python keeps compiled modules.

Compiling the report's page takes longer than everything else that a small plan writes.
"""

import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from connectors.files.disk import write_whole


class CompiledTemplates(BytecodeCache):
    """Beside each template, in ``__pycache__``; where that cannot be written, nothing is kept.

    What Jinja compiles depends on the environment, too: on the options, and on filters, which it
    calls at once where they are given a constant. `sources` are the files that these come from.
    """

    def __init__(self, sources: Iterable[str]) -> None:
        self._environment = sha256()
        for source in sources:
            self._environment.update(Path(source).read_bytes())

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The path of the compiled template."""
        return cache_from_source(filename or name)

    def get_source_checksum(self, source: str) -> str:
        """Changes with all that the compiled template depends on but Python and Jinja."""
        checksum = self._environment.copy()
        checksum.update(source.encode())
        return checksum.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Nothing where it is not there; Jinja itself looks whether it is of this checksum."""
        with suppress(OSError), Path(bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """As modules are: unless Python was told not to."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            path = Path(bucket.key)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, bucket.bytecode_to_string())
