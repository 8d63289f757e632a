"""The tree of errors that is printed is the one of the classes."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import config
import connectors.errors
import jobs
import reconciler
from config.seatsync_error import SeatsyncError

Branch = tuple[str, str, str]

ELSEWHERE = ("config.operating_system.", "connectors.store.migrations.")
"""What only one kind of machine has, and what only Alembic runs."""


def printed() -> Iterator[Branch]:
    """Of each line of the tree: the class above, the class, and its module."""
    path: list[str] = []
    for line in str(connectors.errors.__doc__).splitlines()[2:]:
        depth = (len(line) - len(line.lstrip())) // 2
        name, module = line.split()
        path[depth:] = [name]
        if depth:
            yield path[depth - 1], name, module


def below(kind: type[SeatsyncError]) -> Iterator[Branch]:
    for one in kind.__subclasses__():
        yield kind.__name__, one.__name__, one.__module__
        yield from below(one)


def test_the_printed_tree_is_the_tree_of_classes() -> None:
    """Of all modules, whether or not a test before this one needed them."""
    for package in (config, connectors, jobs, reconciler):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(ELSEWHERE):
                import_module(module.name)
    assert sorted(printed()) == sorted(below(SeatsyncError))
