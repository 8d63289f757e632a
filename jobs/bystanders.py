"""Members of a group who were not meant, and whom a change of others took out or brought in."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from connectors.scim.client import Scim
from connectors.scim.membership import Members

Groups = Mapping[str, Members]
"""Per set's name who is in its group."""


@dataclass(frozen=True)
class Bystanders:
    """Per set's name the accounts that went, or came, beside those that were asked for."""

    gone: Mapping[str, frozenset[str]]
    come: Mapping[str, frozenset[str]]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, (*self.gone.values(), *self.come.values())))

    def __bool__(self) -> bool:
        return self.count > 0


def bystanders(before: Groups, after: Groups, asked: Set[str]) -> Bystanders:
    """Compares whole groups; one that the vendor may show in part says nothing."""
    whole = [name for name in before if not any(map(_may_be_cut, (before[name], after[name])))]
    gone = {name: frozenset(before[name].keys() - after[name].keys() - asked) for name in whole}
    come = {name: frozenset(after[name].keys() - before[name].keys() - asked) for name in whole}
    return Bystanders(gone, come)


def put_back(vendor: Scim, groups: Mapping[str, str], found: Bystanders) -> None:
    """One by one, for several at once is what went wrong.

    Raises:
        connectors.errors.ConnectorError: see `Scim`.
    """
    for name, accounts in found.gone.items():
        for account in sorted(accounts):
            vendor.add_member(groups[name], account)
    for name, accounts in found.come.items():
        for account in sorted(accounts):
            group = groups[name]
            vendor.move([account], vendor.members_of([group], [account]), {})


def _may_be_cut(members: Members) -> bool:
    """Some vendors show the first hundred, or a few hundreds, and say nothing of the others."""
    return len(members) > 0 and len(members) % 100 == 0
