"""Builds the operations of a plan or of an undo."""

from collections.abc import Iterable, Sequence
from functools import cache

from config.subscription_set import SubscriptionSet
from reconciler.facts.set_bindings import set_subject
from reconciler.model.plan import Operation, State, Subject
from reconciler.seats.allocation import bits

ABSENT, PRESENT = State(exists=False), State(exists=True)
ACTIVE, INACTIVE = State(active=True), State(active=False)

Names = tuple[str, ...]
"""Names of sets, sorted."""


class OperationBuilder:
    """Appends operations in executable order, and remembers which ones later ones must wait for.

    The seats that an operation takes and frees follow from the products of its `sets`.
    """

    def __init__(self, products: Sequence[str], sets: Iterable[SubscriptionSet]) -> None:
        self.operations: list[Operation] = []
        self._products = tuple(products)
        self._products_of = {item.name: set(item.products) for item in sets}
        self._earlier: dict[str, list[int]] = {}
        # The same few sets and bundles occur in very many operations.
        self.bundle, self.products_in = cache(self._bundle), cache(self._products_in)
        self._in_sets = cache(lambda names: State(sets=names))

    def create_group(self, name: str, reason: str) -> int:
        """The SCIM group of a set; returns the operation's index."""
        return self._append(set_subject(name), ABSENT, PRESENT, reason)

    def change_sets(
        self,
        user: Subject,
        account: str | None,
        before: Names,
        after: Names,
        reason: str,
        also: Iterable[int] = (),
    ) -> None:
        """Takes the account out of sets, or puts it into some, with the seats of their products."""
        held, holding = self.bundle(before), self.bundle(after)
        self.change_account(
            user,
            account,
            self._in_sets(before),
            self._in_sets(after),
            reason,
            takes=self.products_in(holding & ~held),
            frees=self.products_in(held & ~holding),
            also=also,
        )

    def change_account(
        self,
        user: Subject,
        account: str | None,
        before: State,
        after: State,
        reason: str,
        *,
        takes: tuple[str, ...] = (),
        frees: tuple[str, ...] = (),
        also: Iterable[int] = (),
        waits: bool = True,
        awaited: bool = True,
    ) -> None:
        """By default it needs every earlier change of the user, and every later one needs it.

        Without `waits` it needs no earlier one: a deactivation is done even if a group could not be
        changed. Without `awaited` no later one needs it: a name that the vendor refuses keeps
        nobody from a seat. `also` are further operations that it needs.
        """
        earlier = self._earlier.setdefault(user.id, [])
        needs = sorted([*(earlier if waits else ()), *also])
        index = self._append(user, before, after, reason, account, takes, frees, needs)
        if awaited:
            earlier.append(index)

    def _append(
        self,
        subject: Subject,
        before: State,
        after: State,
        reason: str,
        account: str | None = None,
        takes: tuple[str, ...] = (),
        frees: tuple[str, ...] = (),
        needs: Iterable[int] = (),
    ) -> int:
        self.operations.append(
            Operation(
                index=len(self.operations),
                subject=subject,
                account=account,
                before=before,
                after=after,
                takes=takes,
                frees=frees,
                needs=tuple(needs),
                reason=reason,
            )
        )
        return len(self.operations) - 1

    def _bundle(self, names: Names) -> int:
        """The products of these sets together, as a bit mask."""
        bought = {product for name in names for product in self._products_of[name]}
        return sum(1 << at for at, product in enumerate(self._products) if product in bought)

    def _products_in(self, mask: int) -> tuple[str, ...]:
        return tuple(self._products[at] for at in bits(mask))
