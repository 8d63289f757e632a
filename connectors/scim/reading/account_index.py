"""An index of all accounts, for what the server itself cannot be asked."""

from collections import defaultdict
from collections.abc import Iterable

from connectors.scim.attribute_paths import Resource, external_id, mails, pick


class AccountIndex:
    """The ids of accounts by externalId (exactly), and by userName or mail address (in any case).

    A group's members are named by account id; some servers write it in another case, or put the
    userName or the mail address in its place.
    """

    def __init__(self, users: Iterable[Resource]) -> None:
        self._ids: set[str] = set()
        self._linked: defaultdict[str, set[str]] = defaultdict(set)
        self._folded: defaultdict[str, set[str]] = defaultdict(set)
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        self._mailed: defaultdict[str, set[str]] = defaultdict(set)
        for user in users:
            self.add(user)

    def __contains__(self, account_id: str) -> bool:
        return account_id in self._ids

    def add(self, user: Resource) -> None:
        """Adds an account with all its names."""
        account = str(user["id"])
        self.note(account, external_id(user), pick(user, "userName"))
        for mail in mails(user):
            self._mailed[mail.casefold()].add(account)

    def note(self, account_id: str, external_id: str | None, user_name: str | None) -> None:
        """Adds an account, or another name of one."""
        self._ids.add(account_id)
        self._folded[account_id.casefold()].add(account_id)
        if external_id:
            self._linked[external_id].add(account_id)
        if user_name:
            self._named[user_name.casefold()].add(account_id)

    def matching(self, external_id: str, user_name: str) -> set[str]:
        """Every account with this externalId or this userName."""
        return self._linked.get(external_id, set()) | self._named.get(user_name.casefold(), set())

    def id_of(self, member: str) -> str:
        """The account that a group's member means; `member` itself if it means none or several."""
        if member in self._ids:
            return member
        for known in (self._folded, self._named, self._mailed):
            if len(found := known.get(member.casefold(), ())) == 1:
                return next(iter(found))
        return member
