"""Did an operation come true? Vendors answer 201 and do nothing: only what can be read counts."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from connectors.errors import ConnectorError
from connectors.scim.client import Account, Scim
from connectors.scim.membership import Members
from reconciler.model.plan import Kind, Operation

_OF_AN_ACCOUNT = {
    Kind.CREATE_ACCOUNT,
    Kind.UPDATE_ACCOUNT,
    Kind.LINK,
    Kind.REACTIVATE_ACCOUNT,
    Kind.DEACTIVATE_ACCOUNT,
}


class ReadBack:
    """Looks at the vendor as it is now; a group is read once, however many operations ask for it.

    `groups` maps a set's name to its group's id.
    """

    def __init__(self, vendor: Scim, groups: Mapping[str, str]) -> None:
        self._vendor = vendor
        self._groups = groups
        self._members: dict[str, Members] = {}
        self._seen: dict[str, tuple[Account, ...]] = {}
        self._named: dict[str, tuple[str, ...]] = {}

    def look_at(self, operations: Sequence[Operation]) -> None:
        """Reads what many operations are about by one request, where the vendor knows how.

        Whoever is not found by it as wished is read once more, alone.
        """
        created = [one.subject.name for one in operations if one.kind is Kind.CREATE_SET_GROUP]
        linked = [_external_id(one) for one in operations if one.kind in _OF_AN_ACCOUNT]
        if len(linked) > 1:
            with suppress(ConnectorError):
                self._seen = self._vendor.look_up(linked)
        if len(created) > 1:
            with suppress(ConnectorError):
                self._named = self._vendor.groups(created)

    def of(self, operation: Operation) -> str | None:
        """The SCIM id of the account or group if it is as the operation wants it, else None.

        The operation names its account, unless it creates one.

        Raises:
            connectors.errors.ConnectorError: it could not be read.
        """
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                name = operation.subject.name
                groups = self._named.get(name) or self._vendor.groups_named(name)
                return groups[0] if len(groups) == 1 else None
            case Kind.CREATE_ACCOUNT:
                found = self._seen.get(_external_id(operation), ())
                return found[0].id if len(found) == 1 else _created(self._vendor, operation)
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                return operation.account if self._has_its_sets(operation) else None
            case _:
                seen = self._seen.get(_external_id(operation), ())
                if any(_agrees(operation, one) for one in seen if one.id == operation.account):
                    return operation.account
                account = self._vendor.account(str(operation.account))
                return account.id if account and _agrees(operation, account) else None

    def members(self, names: Collection[str]) -> dict[str, Members]:
        """Per set the accounts in its group, see `Scim.members`; none where there is no group."""
        unread = {name: self._groups.get(name, "") for name in names if name not in self._members}
        read = self._vendor.members_of(list(filter(None, unread.values())))
        self._members |= {name: read.get(group, {}) for name, group in unread.items()}
        return {name: self._members[name] for name in names}

    def _has_its_sets(self, operation: Operation) -> bool:
        at, members = operation.account, self.members(operation.touched)
        return all(at in members[name] for name in operation.gained) and not any(
            at in members[name] for name in operation.lost
        )


def _external_id(operation: Operation) -> str:
    return str((operation.after.attributes or {}).get("externalId", operation.subject.id))


def _created(vendor: Scim, operation: Operation) -> str | None:
    wished = operation.after.attributes or {}
    ours = str(wished["externalId"])
    found = vendor.find(ours, str(wished["userName"]))
    if len(found) == 1 and found[0].attributes.get("externalId") in {ours, None}:
        return found[0].id
    return None


def _agrees(operation: Operation, account: Account) -> bool:
    """The account says what it should; user names and mail addresses in any case."""
    after = operation.after
    if after.active is not None:
        return account.active is after.active
    return all(
        (account.attributes.get(path) or "").casefold() == str(value).casefold()
        for path, value in (after.attributes or {}).items()
    )
