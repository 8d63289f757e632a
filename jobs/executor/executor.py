"""Execution of an approved plan: several workers, each operation journalled and read back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from msgspec.structs import replace

from connectors.store.errors import StoreError
from connectors.store.journal import operation_id
from connectors.store.transaction import Transaction
from jobs.context import Context
from jobs.executor.circuit_breaker import CircuitBreaker
from jobs.executor.execute_batch import execute
from jobs.executor.vendor_port import Vendor
from jobs.fleet_incidents.breaker import fleet_objections
from jobs.operation_results import OperationResult, Result
from reconciler.applying.operation_seats import seats_sought
from reconciler.applying.startable_operations import Batch, Dispatcher
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Finding, Kind, Operation, Plan
from reconciler.situations import finding
from reconciler.situations.plans import ENDED_BY_ANOTHER_RUN

WORKERS = 8
"""Requests that are under way at the same time, at most."""

FINISHING_SECONDS = 240.0
"""For what is under way when a run is to end, to be done, read back and recorded. The reports are
written after it, so that five minutes are enough for all of it.
"""

Work = Future[tuple[OperationResult, ...]]


class Execution:
    """Carries out the operations; a failed one stops those that need it, and no others.

    `groups` maps a set's name to the id of its SCIM group. `dropped` are operations (by index) that
    must not be sent any more, with the reason. Only this thread writes the journal; the workers do
    not know the store. `settled_by_others` are findings about operations that another run recorded
    because it took this one for dead.
    """

    def __init__(
        self,
        context: Context,
        vendor: Vendor,
        plan: Plan,
        run_id: str,
        groups: dict[str, str],
        dropped: Mapping[int, str],
        circuit_breaker: CircuitBreaker,
    ) -> None:
        self._context = context
        self._vendor = vendor
        self._plan = plan
        self._run_id = run_id
        self._groups = groups
        self._dropped = dropped
        self._circuit_breaker = circuit_breaker
        self._dispatcher = Dispatcher(plan, self._objection)
        self._sought = seats_sought(plan)
        self._accounts: dict[str, str] = {}
        self.settled_by_others: list[Finding] = []

    def outcomes(self, advance: Callable[[int], None]) -> Iterator[OperationResult]:
        """Yields one outcome per operation, in the order in which they end."""
        with ThreadPoolExecutor(WORKERS) as workers:
            working: set[Work] = set()
            while True:
                ready: list[Batch] = []
                while len(working) + len(ready) < WORKERS and (batch := self._dispatcher.next()):
                    if self._needs_a_worker(batch):
                        ready.append(batch)
                    else:
                        yield from self._skipped(batch, advance)
                if not self._begin(ready):
                    for batch in ready:
                        yield from self._skipped(batch, advance)
                    continue
                working |= {self._submit(workers, batch) for batch in ready}
                if not working:
                    return
                finished, working = wait(working, return_when=FIRST_COMPLETED)
                ended = tuple(outcome for work in finished for outcome in work.result())
                for outcome in self._ended(ended):
                    self.learn(outcome)
                    advance(1)
                    yield outcome

    def _objection(self, operation: Operation) -> str:
        if self._vendor.time_left < FINISHING_SECONDS:
            self._circuit_breaker.time_is_over()
        for found in fleet_objections(self._context):
            self._circuit_breaker.fleet_stopped(found)
        if why := self._circuit_breaker.objection(operation):
            return why
        if operation.index in self._dropped:
            return self._dropped[operation.index]
        may_make = not self._vendor.can.may(Feature.EMPTY_GROUPS)
        needed = operation.lost if may_make else operation.touched
        if missing := [name for name in needed if name not in self._groups]:
            return f"the vendor has no single group of {', '.join(missing)} any more"
        return ""

    def _needs_a_worker(self, batch: Batch) -> bool:
        return not batch.obstacle or self._circuit_breaker.must_give_back(batch.operations[0])

    def _begin(self, batches: Sequence[Batch]) -> bool:
        """Records all begins by one commit, before anything is sent; False if that failed."""
        operations = [operation for batch in batches for operation in batch.operations]
        if not operations:
            return True
        addressed = map(self._addressed, operations)
        now = self._context.clock()
        try:
            with self._context.store.transaction(self._run_id) as tx:
                tx.journal.begin(self._plan, addressed, self._run_id, now)
        except StoreError as error:
            self._circuit_breaker.store_failed(error)
            for operation in operations:
                self._dispatcher.end(operation, done=False)
            return False
        return True

    def _skipped(self, batch: Batch, advance: Callable[[int], None]) -> Iterator[OperationResult]:
        why = batch.obstacle or self._circuit_breaker.reason
        yield from (OperationResult(one, Result.SKIPPED, why) for one in batch.operations)
        advance(len(batch.operations))

    def _submit(self, workers: ThreadPoolExecutor, batch: Batch) -> Work:
        operations = [self._addressed(operation) for operation in batch.operations]
        fall_back = {
            operation.index: self._circuit_breaker.fall_back(operation) for operation in operations
        }
        return workers.submit(
            execute,
            self._vendor,
            dict(self._groups),
            operations,
            fall_back,
            self._sought,
            self._context.settings.attribute_mapping.matching,
            lambda: batch.obstacle or self._circuit_breaker.objection(operations[0]),
        )

    def learn(self, outcome: OperationResult) -> None:
        """Tells dispatcher and circuit breaker, and notes the ids that later operations need."""
        operation = self._plan.operations[outcome.operation.index]
        done = outcome.result is Result.DONE
        self._dispatcher.end(operation, done=done)
        if outcome.at and operation.kind is Kind.CREATE_SET_GROUP:
            self._groups[operation.subject.name] = outcome.at
        if outcome.group:
            self._groups[operation.gained[0]] = outcome.group
        if outcome.at and operation.kind is Kind.CREATE_ACCOUNT:
            self._accounts[operation.subject.id] = outcome.at
        if first_half := self._circuit_breaker.learn(outcome):
            self._dispatcher.undo(first_half)

    def _ended(self, outcomes: tuple[OperationResult, ...]) -> tuple[OperationResult, ...]:
        """Records all ends by one commit, before they count; UNKNOWN ones are left to `recover`."""
        now = self._context.clock()
        known = [outcome for outcome in outcomes if outcome.result is not Result.UNKNOWN]
        endings = {
            operation_id(self._plan, outcome.operation): (outcome.result, outcome.detail)
            for outcome in known
        }
        try:
            with self._context.store.transaction() as tx:
                _note_what_was_made(tx, outcomes, now)
                stands = tx.journal.end(endings, now)
        except StoreError as error:
            self._circuit_breaker.store_failed(error)
            return tuple(map(_unrecorded, outcomes))
        self.settled_by_others += [
            finding(
                ENDED_BY_ANOTHER_RUN,
                outcome.operation.subject,
                result=outcome.result,
                stands=stands[entry],
            )
            for outcome in known
            if (entry := operation_id(self._plan, outcome.operation)) in stands
        ]
        return outcomes

    def _addressed(self, operation: Operation) -> Operation:
        """The operation with the account's id, also where this plan created the account."""
        account = operation.account or self._accounts.get(operation.subject.id)
        return replace(operation, account=account)


def _note_what_was_made(
    tx: Transaction, outcomes: Iterable[OperationResult], now: datetime
) -> None:
    """Stores the ids of accounts and groups, by which the next run knows them."""
    accounts: dict[str, str] = {}
    for outcome in outcomes:
        operation = outcome.operation
        if outcome.at and operation.kind in {Kind.CREATE_ACCOUNT, Kind.LINK}:
            accounts[operation.subject.id] = outcome.at
        if outcome.at and operation.kind is Kind.CREATE_SET_GROUP:
            name, seen = operation.subject.name, outcome.result is Result.DONE
            tx.sets.group_made(name, outcome.at, outcome.called or name, None if seen else now)
        if outcome.group:
            name = operation.gained[0]
            tx.sets.group_made(name, outcome.group, name, None)
    tx.memory.link(accounts, now)


def _unrecorded(outcome: OperationResult) -> OperationResult:
    if outcome.result in {Result.UNKNOWN, Result.SKIPPED}:
        return outcome
    detail = f"{outcome.detail or outcome.result}, but it could not be recorded"
    return OperationResult(outcome.operation, Result.UNKNOWN, detail, outcome.at)
