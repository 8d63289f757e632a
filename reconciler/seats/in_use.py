"""Seats in use now: as a plan counted them, and after the operations since."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.model.plan import Operation, SeatLine


@dataclass(frozen=True)
class SeatsInUse:
    """Of one product. `purchased` and `free` are None where the inventory is not usable."""

    product: str
    purchased: int | None
    used: int

    @property
    def free(self) -> int | None:
        return None if self.purchased is None else max(0, self.purchased - self.used)


def seats_in_use(lines: Iterable[SeatLine], done: Sequence[Operation]) -> list[SeatsInUse]:
    """Per product; `lines` are a plan's, counted before its operations, `done` all those since."""
    taken = Counter(product for operation in done for product in operation.takes)
    freed = Counter(product for operation in done for product in operation.frees)
    return [
        SeatsInUse(
            line.product,
            line.purchased,
            line.used_before + taken[line.product] - freed[line.product],
        )
        for line in lines
    ]
