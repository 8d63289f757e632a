"""Members whom a request took out of a group, or brought in, though it did not name them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from jobs.executor.vendor_port import Vendor
from reconciler.model.account import Members

Groups = Mapping[str, Members]
"""Per set's name the members of its group."""


@dataclass(frozen=True)
class Bystanders:
    """Per set's name the accounts that are gone or have come beside those that were asked for."""

    gone: Mapping[str, frozenset[str]]
    come: Mapping[str, frozenset[str]]

    def __bool__(self) -> bool:
        return any(self.gone.values()) or any(self.come.values())


def bystanders(before: Groups, after: Groups, asked: Set[str]) -> Bystanders:
    """Compares groups that were read before and after the request."""
    return Bystanders(
        {name: frozenset(before[name].keys() - after[name].keys() - asked) for name in before},
        {name: frozenset(after[name].keys() - before[name].keys() - asked) for name in before},
    )


def put_back(vendor: Vendor, groups: Mapping[str, str], found: Bystanders) -> None:
    """Adds members who are gone again, one by one, since a request for several went wrong.

    Members who came may have been hidden before, or added by somebody else: the next plan decides.

    Raises:
        connectors.errors.CounterpartError: see `Vendor`.
    """
    for name, accounts in found.gone.items():
        for account in sorted(accounts):
            vendor.add_member(groups[name], account)
