"""What the plans after an apply should know of the vendor."""

from collections.abc import Iterable
from datetime import datetime

from reconciler.facts.vendor_refusals import key_of
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.plan import Operation
from reconciler.model.refusal_backoff import Refusal, Refusals, refusals_after


def learn_from(can: Capabilities, done: Iterable[Operation], stayed: Iterable[Operation]) -> None:
    """Remembers whether members leave the vendor's groups.

    `stayed`: the vendor accepted that these accounts leave a set, but they are still in it. One
    account that did leave a set proves that members can.
    """
    left = any(operation.lost for operation in done)
    if left or any(True for _ in stayed):
        can.learn(Feature.LEAVING, works=left)


def refusals_learned(
    before: Refusals,
    done: Iterable[Operation],
    refused: Iterable[tuple[Operation, str]],
    now: datetime,
) -> dict[str, Refusal | None]:
    """What an apply has changed of the `refusals` (V18); each with what the vendor said."""
    said = {key: why for operation, why in refused if (key := key_of(operation))}
    return refusals_after(before, said, filter(None, map(key_of, done)), now)
