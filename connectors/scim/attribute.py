"""Membership in an attribute of the user, whose value is the set's name: without any groups."""

from collections.abc import Callable, Collection, Mapping, Sequence

from connectors.errors import ConnectorError
from connectors.scim.capabilities import Capabilities
from connectors.scim.known import Known
from connectors.scim.listing import Resources, read_if_there, read_one, whole
from connectors.scim.membership import Held, Members
from connectors.scim.patch import removal
from connectors.scim.paths import Value, pick
from connectors.scim.paths import whole as whole_path
from connectors.scim.transport import Transport, resource_path

Update = Callable[[str, Mapping[str, Value]], None]


class Attribute:
    """See `Membership`; a set's id is its name. `update` replaces attributes of an account.

    A move is one change of one value, so nobody is between two sets. A value that is no set's
    name is somebody else's: it is never overwritten.
    """

    batches = False

    def __init__(self, transport: Transport, can: Capabilities, path: str, update: Update) -> None:
        self._transport = transport
        self._can = can
        self._path = path
        self._update = update

    def held(self, users: Resources, sets: Collection[str], known: Known) -> Held:
        said = ((pick(user, self._path), str(user["id"])) for user in users)
        held = [(name, at) for name, at in said if name]
        return Held(
            self.named(sets),
            tuple((name, at) for name, at in held if name in sets),
            tuple((name, at) for name, at in held if name not in sets),
        )

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        return {name: (name,) for name in names}

    def members(
        self, ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        read: dict[str, dict[str, str]] = {name: {} for name in ids}
        for user in self._users(accounts) if ids else ():
            name = pick(user, self._path)
            if name in read:
                read[name][str(user["id"])] = str(user["id"])
        return dict(read)

    def hides(self, members: Members) -> bool:
        return False

    def learn_from_absence(self, set_id: str, members: Members, account: str) -> None:
        """An account shows all of its attributes."""

    def create(self, name: str) -> str:
        return name

    def name_of(self, group_id: str) -> str | None:
        return group_id

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> None:
        for account in accounts:
            self._change(account, set(lost), next(iter(gained), None))

    def _users(self, accounts: Collection[str] | None) -> Resources:
        if accounts is None:
            return whole(self._transport, self._can, "Users")
        found = (read_if_there(self._transport, "Users", account) for account in accounts)
        return tuple(user for user in found if user)

    def _change(self, account: str, lost: set[str], wished: str | None) -> None:
        value = pick(read_one(self._transport, "Users", account), self._path)
        if wished is None:
            if value in lost:
                path = resource_path("Users", account)
                self._transport.send("PATCH", path, removal(whole_path(self._path)))
        elif value is None or value in lost:
            self._update(account, {self._path: wished})
        elif value != wished:
            raise ConnectorError(
                f"setting {self._path} of account {account}",
                f'it is "{value}" already, which this operation does not replace',
            )
