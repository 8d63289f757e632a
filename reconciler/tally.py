"""The ledger while a plan is being applied: what is really free after each operation."""

from reconciler.model.plan import Operation, Plan


class Tally:
    """Free seats per product. An operation that failed frees nothing, whatever the plan hoped."""

    def __init__(self, plan: Plan) -> None:
        self._free = {line.product: (line.purchased or 0) - line.used_before for line in plan.seats}

    def lacking(self, operation: Operation) -> tuple[str, ...]:
        """The products of which the operation would take a seat that is not there."""
        return tuple(product for product in operation.takes if self._free[product] < 1)

    def book(self, operation: Operation) -> None:
        """Counts an operation that is done."""
        self._count(operation, 1)

    def undo(self, operation: Operation) -> None:
        """Takes back what was counted."""
        self._count(operation, -1)

    def _count(self, operation: Operation, sign: int) -> None:
        for product in operation.takes:
            self._free[product] -= sign
        for product in operation.frees:
            self._free[product] += sign
