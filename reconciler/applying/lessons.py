"""What an apply teaches of the vendor, for the plans after it."""

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
    """Notes what the vendor `refused` though it could be asked, so that it is not asked for a third
    time (V18), and whether members leave its groups.

    `stayed`: it accepted that these accounts leave a set, and they are in it still. That is as good
    as a refusal. One account that left a set is enough to know that members do.
    """
    left, stayed = [operation for operation in done if operation.lost], tuple(stayed)
    if left or stayed:
        can.learn(Feature.LEAVING, works=bool(left))
    for operation in (*refused, *stayed):
        if key := key_of(operation):
            can.refuse(key)
