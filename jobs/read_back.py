"""Did an operation come true? Vendors answer 201 and do nothing: only what can be read counts."""

from collections.abc import Collection, Iterable, Mapping

from connectors.scim.client import Account, Scim
from connectors.scim.membership import Members
from reconciler.model.plan import Kind, Operation


class ReadBack:
    """Looks at the vendor as it is now; a group is read once, however many operations ask for it.

    `groups` maps a set's name to its group's id, `operations` are all that it is asked about.
    """

    def __init__(
        self, vendor: Scim, groups: Mapping[str, str], operations: Iterable[Operation]
    ) -> None:
        self._vendor = vendor
        self._groups = groups
        self._accounts = {operation.account for operation in operations if operation.account}
        self._members: dict[str, Members] = {}

    def of(self, operation: Operation) -> str | None:
        """The SCIM id of the account or group if it is as the operation wants it, else None.

        The operation names its account, unless it creates one.

        Raises:
            connectors.errors.ConnectorError: it could not be read.
        """
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                groups = self._vendor.groups_named(operation.subject.name)
                return groups[0] if len(groups) == 1 else None
            case Kind.CREATE_ACCOUNT:
                return _created(self._vendor, operation)
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                return operation.account if self._has_its_sets(operation) else None
            case _:
                account = self._vendor.account(str(operation.account))
                return account.id if account and self._agrees(operation, account) else None

    def note_ignored(self, operation: Operation) -> None:
        """What the account has not taken on of accepted attributes says something of the vendor."""
        account = self._vendor.account(str(operation.account))
        asked = operation.after.attributes or {}
        for path in self._vendor.habits.differing(asked, account.attributes) if account else ():
            self._vendor.habits.ignored(path)

    def members(self, names: Collection[str]) -> dict[str, Members]:
        """Per set who of the operations' accounts is in its group, none where there is no group.

        Shapes as of `Scim.members_of`.
        """
        unread = {name: self._groups.get(name, "") for name in names if name not in self._members}
        read = self._vendor.members_of(list(filter(None, unread.values())), self._accounts)
        self._members |= {name: read.get(group, {}) for name, group in unread.items()}
        return {name: self._members[name] for name in names}

    def _has_its_sets(self, operation: Operation) -> bool:
        at, members = operation.account, self.members(operation.touched)
        return all(at in members[name] for name in operation.gained) and not any(
            at in members[name] for name in operation.lost
        )

    def _agrees(self, operation: Operation, account: Account) -> bool:
        """The account says what it should, in the vendor's own spelling."""
        after = operation.after
        if after.active is not None:
            return account.active is after.active
        return not self._vendor.habits.differing(after.attributes or {}, account.attributes)


def _created(vendor: Scim, operation: Operation) -> str | None:
    """What it was made of is compared, too: how this vendor writes it is known before the next."""
    wished = operation.after.attributes or {}
    ours = str(wished["externalId"])
    found = vendor.find(ours, str(wished["userName"]))
    if len(found) == 1 and found[0].attributes.get("externalId") in {ours, None}:
        vendor.habits.differing(wished, found[0].attributes)
        return found[0].id
    return None
