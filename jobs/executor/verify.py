"""Whether an operation was really done: vendors may answer 201 and do nothing, so it is read."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from connectors.errors import CounterpartError, Refused
from jobs.executor.vendor_port import Vendor
from reconciler.facts.account_of_user import Certainty, same_account
from reconciler.model.account import Account, Members
from reconciler.model.capabilities import Feature
from reconciler.model.plan import Kind, Operation

NOT_FOUND = 404


class ReadBack:
    """Reads the vendor as it is now; each group is read once, for all operations.

    `groups` maps a set's name to its group's id, `operations` are all that will be asked about,
    `matching` the attributes that tell whose an account is (`AttributeMapping.matching`).
    `accepted` has, per index, the id that the vendor gave to what it created, `verified` the
    indices of operations that the connector has read back already. `called` is filled with the
    vendor's names for created groups, by id.
    """

    def __init__(
        self,
        vendor: Vendor,
        groups: Mapping[str, str],
        operations: Iterable[Operation],
        matching: Sequence[str],
        accepted: Mapping[int, str] | None = None,
        verified: Collection[int] = (),
    ) -> None:
        self._vendor = vendor
        self._groups = groups
        self.matching = matching
        self._accepted = accepted or {}
        self._verified = verified
        self.called: dict[str, str] = {}
        operations = tuple(operations)
        self._accounts = {operation.account for operation in operations if operation.account}
        gained = {name for operation in operations for name in operation.gained}
        lost = {name for operation in operations for name in operation.lost} - gained
        self._may_vanish = {groups[name] for name in lost if name in groups}
        self._members: dict[str, Members] = {}
        self._unread: dict[str, CounterpartError] = {}

    def of(self, operation: Operation) -> str | None:
        """The SCIM id of the account or group if it is as the operation wants it, else None.

        The operation names its account, unless it creates one.

        Raises:
            connectors.errors.CounterpartError: it could not be read.
        """
        if operation.index in self._verified:
            return operation.account
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                return self._made_group(operation)
            case Kind.CREATE_ACCOUNT:
                return self._made_account(operation)
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                return operation.account if self._has_its_sets(operation) else None
            case _:
                account = self._vendor.account(str(operation.account))
                if operation.kind is Kind.DEACTIVATE_ACCOUNT and not account:
                    return operation.account  # some vendors delete it
                return account.id if account and self._agrees(operation, account) else None

    def not_visible(self, operation: Operation) -> str | None:
        """The id of what the vendor accepted and does not show, None if it shows it."""
        at = self._accepted.get(operation.index)
        if at and operation.kind is Kind.CREATE_SET_GROUP:
            return None if self._vendor.group_name(at) else at
        return None if not at or self._vendor.account(at) else at

    def another(self, operation: Operation) -> Account | None:
        """The account that a creation was answered with, if it is not the user's."""
        at = self._accepted.get(operation.index)
        account = self._vendor.account(at) if at else None
        return None if account is None or self._is_theirs(operation, account) else account

    def keeps_no_link(self, operation: Operation) -> bool:
        """Whether the account shows no externalId after one was accepted; it is remembered."""
        account = self._vendor.account(str(operation.account))
        if account is None or account.attributes.get("externalId"):
            return False
        self._vendor.can.learn(Feature.LINK, works=False)
        return True

    def cannot_tell(self, operation: Operation) -> bool:
        """Whether the operation changes `active`, and the account does not show it."""
        if operation.after.active is None:
            return False
        account = self._vendor.account(str(operation.account))
        return account is not None and account.active is None

    def unshown(self, operation: Operation) -> bool:
        """Whether the vendor hides who is in the groups that the operation is about."""
        members = self.members(operation.touched)
        return any(
            operation.account not in members[name] and self._vendor.hides(members[name])
            for name in operation.touched
        )

    def stays(self, operation: Operation) -> bool:
        """Whether the account is in a set that it was to leave."""
        members = self.members(operation.lost)
        return any(operation.account in members[name] for name in operation.lost)

    def last_in(self, operation: Operation) -> str:
        """A set that this account is to leave, and that nobody else is in; "" if there is none."""
        if not self._vendor.has_groups or operation.account is None:
            return ""
        try:
            held = self.members(operation.lost)
        except CounterpartError:
            return ""
        return next((name for name in held if {*held[name]} == {operation.account}), "")

    def note_ignored(self, operation: Operation) -> None:
        """Notes the accepted attributes that the account does not have: a habit of the vendor."""
        account = self._vendor.account(str(operation.account))
        asked = operation.after.attributes or {}
        given = {path: value for path, value in asked.items() if value is not None}
        for path in self._vendor.habits.differing(given, account.attributes) if account else ():
            self._vendor.habits.ignored(path)

    def members(self, names: Collection[str]) -> dict[str, Members]:
        """Per set which of the operations' accounts are in its group; none if it has no group.

        Each value is as `Vendor.members_of` gives it.

        Raises:
            connectors.errors.CounterpartError: one could not be read. It is not asked for again:
                a vendor who does not answer is given up after minutes, not after that for each.
        """
        if failed := [self._unread[name] for name in names if name in self._unread]:
            raise failed[0]
        unread = {name: self._groups.get(name, "") for name in names if name not in self._members}
        try:
            read = self._members_of(list(filter(None, unread.values())))
        except CounterpartError as error:
            self._unread |= dict.fromkeys(unread, error)
            raise
        self._members |= {name: read.get(group, {}) for name, group in unread.items()}
        return {name: self._members[name] for name in names}

    def _members_of(self, groups: Sequence[str]) -> dict[str, Members]:
        """Some vendors delete a group when its last member leaves: then nobody is in it."""
        try:
            return self._vendor.members_of(groups, self._accounts)
        except Refused as error:
            if error.status != NOT_FOUND or self._may_vanish.isdisjoint(groups):
                raise
            if len(groups) == 1:
                return {}
        return {group: found for one in groups for group, found in self._members_of([one]).items()}

    def _has_its_sets(self, operation: Operation) -> bool:
        at, members = operation.account, self.members(operation.touched)
        return all(self._is_in(name, str(at)) for name in operation.gained) and not any(
            at in members[name] for name in operation.lost
        )

    def _is_in(self, name: str, account: str) -> bool:
        """Whether the account is in the group; taken for true if the vendor hides members."""
        members = self.members([name])[name]
        if account in members:
            return True
        if not self._vendor.hides(members) and name in self._groups:
            self._vendor.learn_from_absence(self._groups[name], members, account)
        return self._vendor.hides(members)

    def _made_group(self, operation: Operation) -> str | None:
        """The created group: by its id, whatever its name; else the only one of the set's name."""
        if at := self._accepted.get(operation.index):
            self.called[at] = self._vendor.group_name(at) or ""
            return at if self.called[at] else None
        groups = self._vendor.groups_named(operation.subject.name)
        return groups[0] if len(groups) == 1 else None

    def _made_account(self, operation: Operation) -> str | None:
        """The created account: by its id, else by externalId or user name.

        Its attributes are compared as well, to learn how the vendor spells them.
        """
        desired = operation.after.attributes or {}
        at = self._accepted.get(operation.index)
        found = (
            filter(None, [self._vendor.account(at)])
            if at
            else self._vendor.find(str(desired["externalId"]), str(desired["userName"]))
        )
        theirs = [account for account in found if self._is_theirs(operation, account)]
        if len(theirs) != 1:
            return None
        self._vendor.habits.differing(desired, theirs[0].attributes)
        if desired.get("active") is True and theirs[0].active is False:
            self._vendor.can.learn(Feature.INVITES, works=True)
        return theirs[0].id

    def _is_theirs(self, operation: Operation, account: Account) -> bool:
        """Whether the account is linked to the user, or to nobody and does not differ in the
        matching attributes: servers may answer a creation with an account that existed.
        """
        desired, has = operation.after.attributes or {}, account.attributes

        def as_kept(path: str) -> bool:
            return not self._vendor.habits.differing({path: desired[path]}, has)

        return same_account(desired, has, self.matching, as_kept) >= Certainty.NOT_DENIED

    def _agrees(self, operation: Operation, account: Account) -> bool:
        """Whether the account is as the operation wants it, in the vendor's own spelling."""
        after = operation.after
        if after.active is not None:
            return account.active is after.active
        return not self._vendor.habits.differing(after.attributes or {}, account.attributes)
