"""Prints docs/licences.md: under which licence each package is that seatsync runs with."""

from collections.abc import Iterator
from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAD = """# Licences of what seatsync runs with

Written by `make docs` from what the packages say of themselves: their `License-Expression`
(PEP 639), or else their classifiers or `License`. Those of `requirements.lock` that are missing
here belong to the sandbox or to the tests, or, as pywin32 (PSF), to Windows alone. `make sbom`
writes the versions, too, in CycloneDX.

| package | licence |
|---|---|
"""

LONGEST = 60
"""Characters of a licence's name; some packages put the whole text there."""


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """What a package of this environment requires, with these of its extras."""
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": one}) for one in extras | {""}):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)


def closure(name: str) -> set[str]:
    """All that it requires, and what that requires, without itself."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(needed(name))
    while waiting:
        package = waiting.pop()
        if package not in seen:
            seen.add(package)
            waiting += needed(*package)
    return {name for name, _ in seen}


def licence(name: str) -> str:
    told = distribution(name).metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    kinds = [kind for kind in told.get_all("Classifier") or () if kind.startswith("License ::")]
    if named := [kind.rpartition(" :: ")[2] for kind in kinds]:
        return ", ".join(sorted(named))
    return str(told.get("License", "")).strip().partition("\n")[0][:LONGEST] or "not told"


def table() -> str:
    return HEAD + "".join(f"| {name} | {licence(name)} |\n" for name in sorted(closure("seatsync")))


if __name__ == "__main__":
    print(table(), end="")
