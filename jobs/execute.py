"""Execution of an approved plan, one operation after the other, each journalled and read back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from connectors.scim import Scim

from connectors.errors import ConnectorError, Unauthorized, Unreachable
from jobs.context import Context
from reconciler.model.plan import Kind, Operation, Plan
from reconciler.tally import Tally


class Result(StrEnum):
    """How an operation ended. UNKNOWN: sent, and neither answered nor to be read back."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What became of one operation, and why if it is not done."""

    operation: Operation
    result: Result
    detail: str = ""


class Execution:
    """Walks through the operations; a failed one stops those that need it, and nobody else's.

    `groups` maps a set's name to its SCIM group. `drifted` are operations whose precondition no
    longer holds, with the reason; they are not sent.
    """

    def __init__(
        self,
        context: Context,
        vendor: Scim,
        plan: Plan,
        run_id: str,
        groups: dict[str, str],
        drifted: dict[int, str],
    ) -> None:
        self._context = context
        self._vendor = vendor
        self._plan = plan
        self._run_id = run_id
        self._groups = groups
        self._drifted = drifted
        self._tally = Tally(plan)
        self._created: dict[str, str] = {}
        self._given_back: dict[str, tuple[str, ...]] = {}

    def outcomes(self, advance: Callable[[int], None]) -> Iterator[Outcome]:
        """Yields one outcome per operation, in the plan's order."""
        results: dict[int, Result] = {}
        refused_by_all = ""
        for operation in self._plan.operations:
            obstacle = refused_by_all or self._obstacle(operation, results)
            if obstacle:
                outcome = Outcome(operation, Result.SKIPPED, obstacle)
            else:
                try:
                    outcome = self._journalled(operation)
                except Unauthorized as error:
                    refused_by_all = f"the vendor no longer accepts the token ({error.why})"
                    outcome = Outcome(operation, Result.FAILED, str(error))
            results[operation.index] = outcome.result
            advance(1)
            yield outcome

    def _obstacle(self, operation: Operation, results: dict[int, Result]) -> str:
        failed = [str(index) for index in operation.needs if results[index] is not Result.DONE]
        if failed:
            return f"operation {', '.join(failed)}, which it needs, is not done"
        if operation.index in self._drifted:
            return f"the vendor changed since the plan: {self._drifted[operation.index]}"
        if lacking := self._tally.lacking(operation):
            return f"no seat of {', '.join(lacking)} is free, because an earlier step is not done"
        return ""

    def _journalled(self, operation: Operation) -> Outcome:
        """The begin is durable before anything is sent, the end before anything counts."""
        store, clock = self._context.store, self._context.clock
        entry = store.begin(self._plan, operation, self._run_id, clock())
        try:
            outcome = self._send_and_read_back(operation)
        except Unauthorized as error:
            store.end(entry, Result.FAILED, str(error), clock())
            raise
        store.end(entry, outcome.result, outcome.detail, clock())
        if outcome.result is Result.DONE:
            self._tally.book(operation)
        return outcome

    def _send_and_read_back(self, operation: Operation) -> Outcome:
        trouble = ""
        try:
            self._send(operation)
        except Unauthorized:
            raise
        except Unreachable as error:
            trouble = str(error)  # it may have been done all the same: the read-back decides
        except ConnectorError as error:
            return self._put_back(operation, str(error))
        try:
            if self._came_true(operation):
                self._remember(operation)
                return Outcome(operation, Result.DONE, trouble and f"{trouble}; read back: done")
        except ConnectorError as error:
            return Outcome(operation, Result.UNKNOWN, f"{trouble or 'sent'}; {error}")
        return self._put_back(
            operation, trouble or "the vendor accepted it, but nothing changed (read back)"
        )

    def _send(self, operation: Operation) -> None:
        vendor, subject = self._vendor, operation.subject
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                self._groups[subject.name] = vendor.create_set_group(subject.name)
            case Kind.CREATE_ACCOUNT:
                attributes = operation.after.attributes or {}
                self._created[subject.id] = vendor.create_account(attributes)
            case Kind.UPDATE_ACCOUNT | Kind.LINK:
                vendor.update_account(self._account(operation), operation.after.attributes or {})
            case Kind.REACTIVATE_ACCOUNT | Kind.DEACTIVATE_ACCOUNT:
                active = bool(operation.after.active)
                vendor.update_account(self._account(operation), {"active": active})
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                account = self._account(operation)
                for name in _lost(operation):
                    vendor.remove_member(self._groups[name], account)
                for name in _gained(operation):
                    vendor.add_member(self._groups[name], account)

    def _came_true(self, operation: Operation) -> bool:
        """Vendors are known to answer 201 and to have done nothing: only a read counts."""
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                found = self._vendor.groups_named(operation.subject.name)
                self._groups.update({operation.subject.name: found[0]} if found else {})
                return bool(found)
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                account = self._account(operation)
                return all(
                    account in self._vendor.members(self._groups[name])
                    for name in _gained(operation)
                ) and not any(
                    account in self._vendor.members(self._groups[name]) for name in _lost(operation)
                )
            case Kind.CREATE_ACCOUNT:
                wished = operation.after.attributes or {}
                found = self._vendor.find(
                    external_id=str(wished["externalId"]), user_name=str(wished["userName"])
                )
                self._created.update({operation.subject.id: found[0].id} if found else {})
                return bool(found)
            case _:
                account = self._vendor.account(self._account(operation))
                return account is not None and _agrees(
                    operation, account.attributes, account.active
                )

    def _put_back(self, operation: Operation, why: str) -> Outcome:
        """A change of sets that failed half-way leaves nobody with nothing."""
        before = operation.before.sets or self._given_back.get(operation.subject.id, ())
        return Outcome(operation, Result.FAILED, why)

    def _remember(self, operation: Operation) -> None:
        if operation.kind is Kind.CREATE_ACCOUNT or operation.kind is Kind.LINK:
            self._context.store.link(operation.subject.id, self._account(operation))

    def _account(self, operation: Operation) -> str:
        return operation.account or self._created[operation.subject.id]


def _lost(operation: Operation) -> list[str]:
    return sorted(set(operation.before.sets or ()) - set(operation.after.sets or ()))


def _gained(operation: Operation) -> list[str]:
    return sorted(set(operation.after.sets or ()) - set(operation.before.sets or ()))
