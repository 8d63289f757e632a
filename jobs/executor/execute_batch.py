"""Carries out one batch: sends it, judges and explains the results, restores failed moves.

Knows no store and no plan.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from jobs.executor.explanation import explained
from jobs.executor.outcome import outcome_of
from jobs.executor.restore import restored
from jobs.executor.send_batch import BatchRequest
from jobs.executor.vendor_port import Vendor
from jobs.operation_results import OperationResult
from reconciler.model.plan import Operation
from reconciler.situations import RUN, finding
from reconciler.situations.vendor import OTHERS_APPEARED, OTHERS_REMOVED


def execute(
    vendor: Vendor,
    groups: Mapping[str, str],
    operations: Sequence[Operation],
    fall_back: Mapping[int, tuple[str, ...]],
    sought: Mapping[int, tuple[str, ...]],
    matching: Sequence[str],
    objection: Callable[[], str],
) -> tuple[OperationResult, ...]:
    """Sends operations of the same change, then reads all of them back together.

    `groups` maps a set's name to its group's id. `fall_back` has, per index, the sets that the
    account goes back to if the operation fails half-way, `sought` the products whose seats it is
    about. `matching`: see `ReadBack`. Once there is an `objection`, or the vendor takes no more of
    this kind, the rest is skipped.

    Nothing is raised: a fault of one operation is that operation's outcome, UNKNOWN if it is not
    known what the vendor did.
    """
    request = BatchRequest(vendor, groups, operations, matching, objection)
    answers = request.answers()
    read_back = request.read_back
    outcomes = []
    for operation, answer in zip(operations, answers, strict=True):
        outcome = outcome_of(vendor, read_back, operation, answer)
        outcome = explained(vendor, read_back, outcome, answer, sought)
        outcomes.append(restored(vendor, groups, outcome, fall_back.get(operation.index, ())))
    if new := request.groups.keys() - groups.keys():
        outcomes = [_with_group(outcome, request.groups, new) for outcome in outcomes]
    return tuple(_with_others(outcomes, request) if request.others else outcomes)


def _with_group(
    outcome: OperationResult, groups: Mapping[str, str], new: Set[str]
) -> OperationResult:
    """The outcome with the id of the group that was created with its first members, if any."""
    made = next((groups[name] for name in outcome.operation.gained if name in new), "")
    return replace(outcome, group=made)


def _with_others(
    outcomes: Sequence[OperationResult], request: BatchRequest
) -> Sequence[OperationResult]:
    """Adds V6 or V22 to the first outcome that has no finding yet."""
    gone, come = (
        sum(map(len, some.values())) for some in (request.others.gone, request.others.come)
    )
    sets = ", ".join(f'"{name}"' for name in outcomes[0].operation.touched)
    back = "They were put back"
    if request.not_put_back:
        back = f"They could not be put back ({request.not_put_back.rstrip('.')})"
    beside = (
        finding(OTHERS_REMOVED, RUN, count=gone, sets=sets, back=back)
        if gone
        else finding(OTHERS_APPEARED, RUN, count=come, sets=sets)
    )
    at = next((at for at, outcome in enumerate(outcomes) if not outcome.finding), 0)
    return (*outcomes[:at], replace(outcomes[at], finding=beside), *outcomes[at + 1 :])
