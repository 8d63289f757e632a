"""Execution of an approved plan, one operation after the other, each journalled and read back."""

from collections.abc import Callable, Iterator

from connectors.errors import ConnectorError, Unauthorized
from connectors.scim.client import Account, Scim
from connectors.scim.errors import ScimRefused
from connectors.store.journal import begin, end
from connectors.store.memory import link
from jobs.context import Context
from jobs.outcome import Outcome, Result
from reconciler.model.plan import Kind, Operation, Plan
from reconciler.tally import Tally


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
        self._given_up: dict[str, Operation] = {}

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
        touched = (*operation.lost, *operation.gained)
        if missing := [name for name in touched if name not in self._groups]:
            return f"the vendor has no single group of {', '.join(missing)} any more"
        if lacking := self._tally.lacking(operation):
            return f"no seat of {', '.join(lacking)} is free, because an earlier step is not done"
        return ""

    def _journalled(self, operation: Operation) -> Outcome:
        """The begin is durable before anything is sent, the end before anything counts."""
        store, clock = self._context.store, self._context.clock
        entry = begin(store, self._plan, operation, self._run_id, clock())
        try:
            outcome = self._send_and_read_back(operation)
        except Unauthorized as error:
            end(store, entry, Result.FAILED, str(error), clock())
            raise
        end(store, entry, outcome.result, outcome.detail, clock())
        if outcome.result is Result.DONE:
            self._tally.book(operation)
            if operation.kind is Kind.REVOKE:
                self._given_up[operation.subject.id] = operation
        return outcome

    def _send_and_read_back(self, operation: Operation) -> Outcome:
        trouble = ""
        try:
            self._send(operation)
        except Unauthorized:
            raise
        except ScimRefused as error:
            return Outcome(operation, Result.FAILED, f"{error}{self._put_back(operation)}")
        except ConnectorError as error:
            trouble = str(error)  # it may have been done all the same: the read-back decides
        try:
            came_true = self._came_true(operation)
        except Unauthorized:
            raise
        except ConnectorError as error:
            return Outcome(operation, Result.UNKNOWN, f"{trouble or 'sent'}; {error}")
        if not came_true:
            reason = trouble or "the vendor accepted it, but nothing changed"
            return Outcome(operation, Result.FAILED, f"{reason}{self._put_back(operation)}")
        if operation.kind in {Kind.CREATE_ACCOUNT, Kind.LINK}:
            account = {operation.subject.id: self._account(operation)}
            link(self._context.store, account, self._context.clock())
        return Outcome(operation, Result.DONE, f"{trouble}; read back: done" if trouble else "")

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
                for name in operation.lost:
                    vendor.remove_member(self._groups[name], account)
                for name in operation.gained:
                    vendor.add_member(self._groups[name], account)

    def _came_true(self, operation: Operation) -> bool:
        """Vendors are known to answer 201 and to have done nothing: only a read counts."""
        subject, after = operation.subject, operation.after
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                found = self._vendor.groups_named(subject.name)
                self._groups.update({subject.name: found[0]} if len(found) == 1 else {})
                return len(found) == 1
            case Kind.CREATE_ACCOUNT:
                wished = after.attributes or {}
                names = str(wished["externalId"]), str(wished["userName"])
                accounts = self._vendor.find(*names)
                self._created.update({subject.id: accounts[0].id} if len(accounts) == 1 else {})
                return len(accounts) == 1
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                account = self._account(operation)
                return all(account in self._members(name) for name in operation.gained) and all(
                    account not in self._members(name) for name in operation.lost
                )
            case _:
                found_now = self._vendor.account(self._account(operation))
                return found_now is not None and _agrees(operation, found_now)

    def _put_back(self, operation: Operation) -> str:
        """A move that failed half-way leaves nobody with nothing: the old set comes back.

        The halves of a split move are two operations; the second one's failure undoes the first.
        """
        first_half = self._given_up.get(operation.subject.id)
        if operation.kind is Kind.MOVE:
            names = operation.lost
        elif operation.kind is Kind.GRANT and first_half:
            names = first_half.lost
        else:
            return ""
        account = self._account(operation)
        try:
            for name in names:
                self._vendor.add_member(self._groups[name], account)
        except ConnectorError as error:
            return f"; it could not be put back into {', '.join(names)}: {error}"
        if first_half:
            self._tally.undo(first_half)
        return f"; the account is in {', '.join(names)} as before"

    def _members(self, name: str) -> set[str]:
        return self._vendor.members(self._groups[name])

    def _account(self, operation: Operation) -> str:
        return operation.account or self._created[operation.subject.id]


def _agrees(operation: Operation, account: Account) -> bool:
    """The account says what it should; user names and mail addresses in any case."""
    after = operation.after
    if after.active is not None:
        return account.active is after.active
    return all(
        (account.attributes.get(path) or "").casefold() == str(value).casefold()
        for path, value in (after.attributes or {}).items()
    )
