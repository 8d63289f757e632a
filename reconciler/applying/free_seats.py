"""The ledger while a plan is being applied: what is really free at every moment."""

from reconciler.model.plan import Operation, Plan


class FreeSeats:
    """Free seats per product. An operation that failed frees nothing, whatever the plan hoped."""

    def __init__(self, plan: Plan) -> None:
        self._free = {line.product: (line.purchased or 0) - line.used_before for line in plan.seats}

    def free(self, product: str) -> int:
        """Seats that nobody has, and nobody is getting."""
        return self._free[product]

    def missing(self, operation: Operation) -> tuple[str, ...]:
        """The products of which the operation would take a seat that is not there."""
        return tuple(product for product in operation.takes if self._free[product] < 1)

    def begin(self, operation: Operation) -> None:
        """What it takes is its own from now on; what it frees is not free yet."""
        self._count(operation.takes, -1)

    def end(self, operation: Operation, *, done: bool) -> None:
        """What it has freed is free; if it is not done, what it would have taken."""
        self._count(operation.frees if done else operation.takes, 1)

    def undo(self, operation: Operation) -> None:
        """Takes back what was done."""
        self._count(operation.frees, -1)
        self._count(operation.takes, 1)

    def _count(self, products: tuple[str, ...], seats: int) -> None:
        for product in products:
            self._free[product] += seats
