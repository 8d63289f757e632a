"""Membership as an attribute of the user, whose value is the set's name: there are no groups."""

from collections.abc import Callable, Collection, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import CounterpartError
from connectors.scim.attribute_paths import Value, pick
from connectors.scim.attribute_paths import whole as whole_path
from connectors.scim.dialect.attribute_habits import Habits
from connectors.scim.errors import ScimRefused
from connectors.scim.membership.protocol import Held
from connectors.scim.patch import removal, replacement
from connectors.scim.reading.account_columns import ID, AccountColumns
from connectors.scim.reading.listing import read_if_there, read_one, whole
from connectors.scim.reading.previously_seen import NOTHING_KNOWN, Known
from connectors.scim.transport import ScimTransport, resource_path
from reconciler.model.account import Members
from reconciler.model.attribute_habits import spelled
from reconciler.model.capabilities import Capabilities, Feature

Update = Callable[[str, Mapping[str, Value]], object]


class AttributeMembership:
    """See `Membership`; a set's id is its name. `update` replaces attributes of an account.

    A move changes one value, so nobody is ever between two sets. A value that is no set's name
    belongs to somebody else: it is never overwritten.
    """

    batches = False

    def __init__(
        self,
        transport: ScimTransport,
        can: Capabilities,
        habits: Habits,
        path: str,
        update: Update,
    ) -> None:
        self._habits = habits
        self._transport = transport
        self._can = can
        self.paths = (path,)
        self._path = path
        self._update = update

    def held(self, accounts: AccountColumns, sets: Collection[str], known: Known) -> Held:
        said = accounts[self._path].dictionary_encode()
        meant = [self._meant(name, sets) for name in said.dictionary.to_pylist()]
        names = pa.array(meant, pa.large_string()).take(said.indices)
        held = pa.table({"set": names, "account": accounts[ID]}).drop_null()
        of_sets = pc.is_in(held["set"], pa.array(list(sets), pa.large_string()))
        return Held(self.named(sets), held.filter(of_sets), held.filter(pc.invert(of_sets)))

    def named(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        return {name: (name,) for name in names}

    def members(
        self, ids: Collection[str], accounts: Collection[str] | None = None
    ) -> dict[str, Members]:
        held = self.held(self._read(accounts), ids, NOTHING_KNOWN).holdings if ids else None
        read: dict[str, dict[str, str]] = {name: {} for name in ids}
        for row in held.to_pylist() if held else ():
            read[row["set"]][row["account"]] = row["account"]
        return dict(read)

    def hides(self, members: Members) -> bool:
        return False

    def learn_from_absence(self, set_id: str, members: Members, account: str) -> None:
        """Nothing to learn: an account shows all its attributes."""

    def create(self, name: str, members: Sequence[str] = ()) -> str:
        return name

    def name_of(self, group_id: str) -> str | None:
        return group_id

    def move(
        self, accounts: Sequence[str], lost: Mapping[str, Members], gained: Mapping[str, Members]
    ) -> bool:
        for account in accounts:
            self._change(account, set(lost), next(iter(gained), None))
        return False

    def _read(self, accounts: Collection[str] | None) -> AccountColumns:
        if accounts is None:
            return whole(self._transport, self._can, "Users", lambda: AccountColumns(self.paths))
        read = AccountColumns(self.paths)
        found = (read_if_there(self._transport, "Users", account) for account in accounts)
        read.add([user for user in found if user])
        return read

    def _meant(self, said: str | None, sets: Collection[str]) -> str | None:
        """The attribute's value; a set's name also if this vendor spells it in its own way."""
        ways = self._habits.known.get(self._path)
        if said is None or said in sets or not ways:
            return said
        meant = [name for name in sets if spelled(name, ways) == spelled(said, ways)]
        return meant[0] if len(meant) == 1 else said

    def _change(self, account: str, lost: set[str], desired: str | None) -> None:
        names = lost | ({desired} if desired else set())
        value = self._meant(pick(read_one(self._transport, "Users", account), self._path), names)
        if desired is None:
            if value in lost:
                self._clear(account)
        elif value is None or value in lost:
            self._update(account, {self._path: desired})
        elif value != desired:
            raise CounterpartError(
                f"setting {self._path} of account {account}",
                f'it is "{value}" already, which this operation does not replace',
            )

    def _clear(self, account: str) -> None:
        """Removes the value; if that is refused or does nothing, sets it to an empty one."""
        path = resource_path("Users", account)
        if self._can.may(Feature.REMOVE):
            try:
                self._transport.send("PATCH", path, removal(whole_path(self._path)))
            except ScimRefused as error:
                if error.status not in {400, 405, 501}:
                    raise
            else:
                if self._can.surely(Feature.REMOVE) or self._is_empty(account):
                    self._can.learn(Feature.REMOVE, works=True)
                    return
        self._transport.send("PATCH", path, replacement({self._path: ""}))
        if self._is_empty(account):
            self._can.learn(Feature.REMOVE, works=False)

    def _is_empty(self, account: str) -> bool:
        return pick(read_one(self._transport, "Users", account), self._path) is None
