"""Names of columns and keys in administrators' files: read in any case, or refused."""

from collections.abc import Iterable

from config.suggest import unknown


class ColumnNames:
    """PowerShell writes `AccountEnabled`, people a blank behind; what is meant is the same."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.casefold(): name for name in names}

    def known(self, given: str) -> str:
        """The name that is meant.

        Raises:
            ValueError: it is none of them; the text says which is near.
        """
        name = self._names.get(given.strip().casefold())
        if name is None:
            raise ValueError(unknown(given, self._names.values()))
        return name

    def all_known(self, given: Iterable[str]) -> tuple[str, ...]:
        """The names that are meant, in their order.

        Raises:
            ValueError: one is none of them, or is there twice.
        """
        names: list[str] = []
        for name in map(self.known, given):
            if name in names:
                raise ValueError(f'"{name}" is there twice')
            names.append(name)
        return tuple(names)
