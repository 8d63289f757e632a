"""An index of all accounts, for what the server itself cannot be asked."""

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from connectors.scim.reading.account_columns import ID, AccountColumns


class AccountIndex:
    """The ids of accounts by externalId (exactly), and by userName or mail address (in any case).

    A group's members are named by account id; some servers write it in another case, or put the
    userName or the mail address in its place.
    """

    def __init__(self, accounts: AccountColumns) -> None:
        self._accounts = accounts
        self._noted: list[tuple[str, str | None, str | None]] = []
        self._names: _Names | None = None

    def note(self, account_id: str, external_id: str | None, user_name: str | None) -> None:
        """Adds an account, or another name of one."""
        self._noted.append((account_id, external_id, user_name))

    def matching(self, external_id: str, user_name: str) -> set[str]:
        """Every account with this externalId or this userName."""
        names = self._all_names()
        return names.linked.get(external_id, set()) | names.named.get(user_name.casefold(), set())

    def id_of(self, member: str) -> str:
        """The account that a group's member means; `member` itself if it means none or several."""
        names = self._all_names()
        if member in names.ids:
            return member
        for known in (names.folded, names.named, names.mailed):
            if len(found := known.get(member.casefold(), ())) == 1:
                return next(iter(found))
        return member

    def ids_of(self, members: pa.Array) -> pa.Array:
        """As `id_of`, of many. Nearly always all are ids, and no name is looked for."""
        if not len(members):
            return members
        strange = pc.invert(pc.is_in(members, self._accounts[ID]))
        if not pc.any(strange).as_py():
            return members
        meant = [self.id_of(member) for member in members.filter(strange).to_pylist()]
        return pc.replace_with_mask(members, strange, pa.array(meant, members.type))

    def _all_names(self) -> "_Names":
        if self._names is None:
            self._names = _Names(self._accounts)
        while self._noted:
            self._names.add(*self._noted.pop())
        return self._names


class _Names:
    """The ids of accounts, and by each other name those that have it."""

    def __init__(self, accounts: AccountColumns) -> None:
        self.ids: set[str] = set()
        self.linked: defaultdict[str, set[str]] = defaultdict(set)
        self.folded: defaultdict[str, set[str]] = defaultdict(set)
        self.named: defaultdict[str, set[str]] = defaultdict(set)
        self.mailed: defaultdict[str, set[str]] = defaultdict(set)
        for account_id, external_id, user_name in accounts.names():
            self.add(account_id, external_id, user_name)
        for account_id, mail in accounts.mails():
            self.mailed[mail.casefold()].add(account_id)

    def add(self, account_id: str, external_id: str | None, user_name: str | None) -> None:
        self.ids.add(account_id)
        self.folded[account_id.casefold()].add(account_id)
        if external_id:
            self.linked[external_id].add(account_id)
        if user_name:
            self.named[user_name.casefold()].add(account_id)
