"""What the plans after an apply should know of the vendor."""

from collections.abc import Iterable

from reconciler.facts.vendor_refusals import key_of
from reconciler.model.capabilities import Capabilities, Feature
from reconciler.model.plan import Operation


def learn_from(
    can: Capabilities,
    done: Iterable[Operation],
    refused: Iterable[Operation],
    stayed: Iterable[Operation],
) -> None:
    """Remembers what the vendor `refused`, so that it is not asked for a third time (V18), and
    whether members leave its groups.

    `stayed`: the vendor accepted that these accounts leave a set, but they are still in it. That
    counts as a refusal. One account that did leave a set proves that members can.
    """
    left, stayed = [operation for operation in done if operation.lost], tuple(stayed)
    if left or stayed:
        can.learn(Feature.LEAVING, works=bool(left))
    for operation in (*refused, *stayed):
        if key := key_of(operation):
            can.refuse(key)
