"""The tree of errors that is printed is the one of the classes."""

from collections.abc import Iterator
from importlib import import_module

import connectors.errors
from config.seatsync_error import SeatsyncError

Branch = tuple[str, str, str]


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
    tree = list(printed())
    for _, _, module in tree:
        import_module(module)
    assert sorted(tree) == sorted(below(SeatsyncError))
