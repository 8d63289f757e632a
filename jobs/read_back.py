"""Did an operation come true? Vendors answer 201 and do nothing: only what can be read counts."""

from collections.abc import Mapping

from connectors.scim.client import Account, Scim
from reconciler.model.plan import Kind, Operation


class ReadBack:
    """Looks at the vendor as it is now; a group is read once, however many operations ask for it.

    `groups` maps a set's name to its group's id.
    """

    def __init__(self, vendor: Scim, groups: Mapping[str, str]) -> None:
        self._vendor = vendor
        self._groups = groups
        self._members: dict[str, Mapping[str, str]] = {}

    def of(self, operation: Operation) -> str | None:
        """The SCIM id of the account or group if it is as the operation wants it, else None.

        The operation names its account, unless it creates one.

        Raises:
            connectors.errors.ConnectorError: it could not be read.
        """
        match operation.kind:
            case Kind.CREATE_SET_GROUP:
                found = self._vendor.groups_named(operation.subject.name)
                return found[0] if len(found) == 1 else None
            case Kind.CREATE_ACCOUNT:
                return _created(self._vendor, operation)
            case Kind.GRANT | Kind.REVOKE | Kind.MOVE:
                return operation.account if self._has_its_sets(operation) else None
            case _:
                account = self._vendor.account(str(operation.account))
                return account.id if account and _agrees(operation, account) else None

    def members(self, name: str) -> Mapping[str, str]:
        """The accounts in a set's group, see `Scim.members`; none where there is no group."""
        if name not in self._members:
            group = self._groups.get(name)
            self._members[name] = self._vendor.members(group) if group else {}
        return self._members[name]

    def _has_its_sets(self, operation: Operation) -> bool:
        at = operation.account
        return all(at in self.members(name) for name in operation.gained) and not any(
            at in self.members(name) for name in operation.lost
        )


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
