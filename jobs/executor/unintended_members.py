"""Members of a group who were not meant, and whom a change of others took out or brought in."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from jobs.executor.vendor import Vendor
from reconciler.model.account import Members

Groups = Mapping[str, Members]
"""Per set's name who is in its group."""


@dataclass(frozen=True)
class Bystanders:
    """Per set's name the accounts that went, or came, beside those that were asked for."""

    gone: Mapping[str, frozenset[str]]
    come: Mapping[str, frozenset[str]]

    def __bool__(self) -> bool:
        return any(self.gone.values()) or any(self.come.values())


def bystanders(before: Groups, after: Groups, asked: Set[str]) -> Bystanders:
    """Compares whole groups."""
    return Bystanders(
        {name: frozenset(before[name].keys() - after[name].keys() - asked) for name in before},
        {name: frozenset(after[name].keys() - before[name].keys() - asked) for name in before},
    )


def put_back(vendor: Vendor, groups: Mapping[str, str], found: Bystanders) -> None:
    """One by one, for several at once is what went wrong. Who is in already is not added twice.

    Whoever came may only have come into sight, or by another hand: the next plan judges that.

    Raises:
        connectors.errors.CounterpartError: see `Vendor`.
    """
    for name, accounts in found.gone.items():
        for account in sorted(accounts):
            vendor.add_member(groups[name], account)
