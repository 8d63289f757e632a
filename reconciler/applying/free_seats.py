"""The ledger while a plan is applied: which seats are really free at every moment."""

from reconciler.model.plan import Operation, Plan


class FreeSeats:
    """Free seats per product. An operation that failed frees nothing, whatever was planned."""

    def __init__(self, plan: Plan) -> None:
        self._free = {line.product: (line.purchased or 0) - line.used_before for line in plan.seats}

    def free(self, product: str) -> int:
        """Seats that nobody has, and that no operation under way takes."""
        return self._free[product]

    def missing(self, operation: Operation) -> tuple[str, ...]:
        """The products of which the operation would take a seat that is not there."""
        return tuple(product for product in operation.takes if self._free[product] < 1)

    def begin(self, operation: Operation) -> None:
        """Seats that it takes are not free from now on; what it frees is not free yet."""
        self._count(operation.takes, -1)

    def end(self, operation: Operation, *, done: bool) -> None:
        """If done, what it frees becomes free; if not, what it would have taken is free again."""
        self._count(operation.frees if done else operation.takes, 1)

    def undo(self, operation: Operation) -> None:
        """What an ended operation did was taken back."""
        self._count(operation.frees, -1)
        self._count(operation.takes, 1)

    def _count(self, products: tuple[str, ...], seats: int) -> None:
        for product in products:
            self._free[product] += seats
